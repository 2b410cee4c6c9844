"""Gathers the Evidence of what a test left behind, whether it passed or not."""

from __future__ import annotations

import ast
from collections.abc import Container, Iterator, Sequence
from typing import Any

from loopcheck.case.seen_leftovers import Failure, Failures, Kept, Seen, item_of, maker
from loopcheck.labels import Labels, plain
from loopcheck.light import replace
from loopcheck.process.waiting import await_chain
from loopcheck.records import (
    DestroyedTask,
    Evidence,
    LeakedTask,
    LostException,
    Phase,
    Place,
    Slipped,
    TestRecord,
)
from loopcheck.runner import fixtures
from loopcheck.source import calls, log_readers, parsed_files, project_files, user_code
from loopcheck.source.catching import cancel_handlers, handlers
from loopcheck.source.coroutines import (
    coroutine_factories,
    reachable_functions,
    task_starters,
)
from loopcheck.source.statements import wait_order
from loopcheck.source.values import object_owners
from loopcheck.source.values.object_owners import Owner
from loopcheck.watch import blocked_steps, exceptions, loop_leaks

EXECUTORS = frozenset({"run_in_executor"})


STEP = "anext"
WRITTEN = 60  # characters of a call to show


def of_tests(
    seen: Seen, item: Any, tests: Sequence[str], failed: Container[str], labels: Labels
) -> list[Evidence]:
    """Return the Evidence of each test that left something: not always *item*, which now ends.

    *tests* are the node ids of all tests that began, in order; *failed* has those that failed.
    """
    by_test: dict[int | None, dict[str, list[Any]]] = {}
    for number, field, record in _records(seen, item, tests, failed, labels):
        by_test.setdefault(number, {}).setdefault(field, []).append(record)
    found = []
    for number, fields in by_test.items():
        nodeid = tests[number - 1] if number else None
        test = _test(nodeid, item, "call", labels)
        found.append(_evidence(test, nodeid in failed if nodeid else False, fields))
    return found


def _evidence(test: TestRecord | None, failed: bool, fields: dict[str, list[Any]]) -> Evidence:
    return Evidence(
        test=test,
        failed=failed,
        dropped=tuple(fields.get("dropped", ())),
        lost=tuple(fields.get("lost", ())),
        leaked=tuple(fields.get("leaked", ())),
        destroyed=tuple(fields.get("destroyed", ())),
        stalls=tuple(fields.get("stalls", ())),
        generators=tuple(fields.get("generators", ())),
        cancels=tuple(fields.get("cancels", ())),
        unclosed=tuple(fields.get("unclosed", ())),
        unclosed_loops=tuple(fields.get("unclosed_loops", ())),
        doubles=tuple(fields.get("doubles", ())),
    )


def _records(
    seen: Seen, item: Any, tests: Sequence[str], failed: Container[str], labels: Labels
) -> Iterator[Kept]:
    now = len(tests) if item is not None else None
    # Late imports: a test leaves one or two of these kinds, and most tests leave none.
    if seen.kept or seen.warned:
        from loopcheck.case import dropped_coroutine_evidence

        yield from dropped_coroutine_evidence.read(seen, item, tests, labels)
    yield from _errors(seen, item, tests, failed, labels)
    yield from _tasks(seen, item, tests, failed, labels)
    yield from _destroyed(seen, item, tests, failed, labels)
    if seen.generators:
        from loopcheck.case import generator_evidence

        for number, left in generator_evidence.read(
            seen.generators, item, tests, labels, project_files.files
        ):
            yield number or now, "generators", left
    for step in seen.blocked:
        yield step.test or now, "stalls", blocked_steps.record(step, labels)
    for overdue in seen.overdue:
        lost_one = cancel_handlers.lost_timeout(overdue.lines(), labels)
        if lost_one is not None and not lost_one.expected:
            yield overdue.moment or now, "cancels", lost_one
    if seen.unclosed or seen.open_loops:
        from loopcheck.case import unclosed_clients

        for number, client in unclosed_clients.read(seen.unclosed, item, tests, failed, labels):
            yield number, "unclosed", client
        for number, loop in unclosed_clients.read_loops(seen.open_loops, tests, failed, labels):
            yield number, "unclosed_loops", loop


def _errors(
    seen: Seen, item: Any, tests: Sequence[str], failed: Container[str], labels: Labels
) -> Iterator[Kept]:
    """Yield the errors of tasks that no code retrieved."""
    now = len(tests) if item is not None else None
    for lost in _once(seen.lost):
        if lost.handled:
            continue
        if (known := seen.outlived(lost.task, lost.coroutine)) is not None:
            # Its test is known: it ended as this task did.
            task = leaked(known.entry, labels)
            yield known.test, "leaked", replace(task, died_of=lost.type)
            continue
        own = _of_loop(lost, tests)
        mine = item if own in (None, now) else item_of(own, tests, seen)
        if log_readers.about(lost.said, mine, (lost.type, lost.message)):
            continue
        before, held = _failure(lost, own, now, seen.failures or {})
        if held and (own is None or tests[own - 1] not in failed):
            continue  # a failed test, or a `try`, might have retrieved it, and its test is unknown
        gone = 0 < lost.serial <= before and lost.said.endswith("never retrieved") and not held
        told = _lost(lost, mine, labels)
        # Of a failed test the lines that did not run are known.
        kept = held or (told.kept and (own or now) not in (seen.failures or {}))
        yield own or now, "lost", replace(told, gone=gone, kept=kept)


def _tasks(
    seen: Seen, item: Any, tests: Sequence[str], failed: Container[str], labels: Labels
) -> Iterator[Kept]:
    """Yield the tasks that were pending when their loop closed, and how they met cancellation."""
    now = len(tests) if item is not None else None
    told: set[loop_leaks.Entry] = set()  # tasks already reported for what they left
    for entry in seen.leaked:
        own = entry.scope in (None, "function") and 0 < entry.born <= len(tests)
        known = None if own else seen.outlived(entry.task, entry.code.co_qualname)
        number = known.test if known else entry.born if own else None
        # A failed test had no time to end its tasks: no finding for the test that started them.
        if number is None or tests[number - 1] not in failed:
            task = _at_fault(entry, told, labels)
            number = number or (maker(task, tests, labels) if task is not None else None)
            if number is None and any(one in failed for one in tests[max(0, entry.born - 1) :]):
                continue  # one of these failed, and may have left the task for that reason
            if task is not None:
                yield number or now, "leaked", task
        if entry.took and (cancel := cancel_handlers.went_on(entry.steps, labels)) is not None:
            yield number or now, "cancels", cancel


def _destroyed(
    seen: Seen, item: Any, tests: Sequence[str], failed: Container[str], labels: Labels
) -> Iterator[Kept]:
    """Yield the tasks that the garbage collector took while they were pending."""
    now = len(tests) if item is not None else None
    for entry in seen.destroyed:
        own = entry.scope in (None, "function") and 0 < entry.born <= len(tests)
        as_left = loop_leaks.Entry(
            entry.code,
            await_chain.short(entry.name),
            *((), "waiting", False, False, entry.scope, False, entry.born),
            site=entry.site,
            task=entry.task,
            direct=entry.direct,
        )
        task = leaked(as_left, labels)
        number = (entry.born if own else maker(task, tests, labels)) or now
        mine = item if number in (None, now) else item_of(number, tests, seen)
        if log_readers.about(exceptions.DESTROYED, mine):
            continue
        # A failed test had no time to end its tasks before its loop closed. Its frames held those
        # that they had names for, until pytest dropped its error.
        failure = (seen.failures or {}).get(number or 0, Failure())
        left = entry.closed or entry.task in failure.named | failure.held
        if left and number is not None and tests[number - 1] in failed:
            continue
        line = wait_order.only_wait(entry.code) if task.owner == "user" else None
        if line is not None:
            task = replace(task, waits_at=await_chain.place(entry.code, line, labels))
        if own and entry.scope == "function" and entry.idle and not entry.closed:
            # The test was over, and its loop would have closed a moment later.
            yield number, "leaked", replace(task, of_a_test=True, collected=True)
        else:
            yield number, "destroyed", DestroyedTask(task=task, loop_closed=entry.closed)


def _at_fault(
    entry: loop_leaks.Entry, told: set[loop_leaks.Entry], labels: Labels
) -> LeakedTask | None:
    """Return the task of *entry*, or the one that should end it; None if neither is worth a report.

    A task belongs to the task that started it. If that is pending as well, it is reported instead,
    once, however many tasks it has left.
    """
    if cancel_handlers.works_at_the_end(entry.steps):
        return None  # the end of its loop is what it waits for
    if not entry.owned:
        return leaked(entry, labels)
    if entry.parent is None:
        return None  # a server's handler, or a task that another waits for: it is about to end
    task, parent = leaked(entry, labels), leaked(entry.parent, labels)
    if parent.owner != "user" or parent.made_at is None:
        return task
    if entry.parent in told or not parent.cancelling or task.cancelling or task.owner != "user":
        return None
    told.add(entry.parent)
    return replace(parent, child=task.call or task.coroutine, child_at=task.made_at)


def _failure(
    lost: exceptions.Entry, own: int | None, now: int | None, failures: Failures
) -> tuple[int, bool]:
    """Return the last serial number lost by the end of its test, and whether that held the task.

    The task may be collected while a later test runs; on a wider loop, any test may have started
    it.
    """
    failure = failures.get(own or now or 0, Failure())
    mine = [failure] if own is not None else failures.values()
    return failure.lost, any(lost.task in one.readable for one in mine)


def _once(entries: Sequence[exceptions.Entry]) -> list[exceptions.Entry]:
    """Leave out a `gather` that passes on the error of one of its tasks, and is dropped with it."""
    of_tasks = {(one.type, one.message, one.line) for one in entries if one.coroutine}
    return [
        one
        for one in entries
        if one.coroutine or one.callback or (one.type, one.message, one.line) not in of_tasks
    ]


def _of_loop(lost: exceptions.Entry, tests: Sequence[str]) -> int | None:
    """Return the number of the test with that loop: a task may be collected in a later one."""
    return lost.born if lost.born is not None and 0 < lost.born <= len(tests) else None


def _test(nodeid: str | None, item: Any, phase: Phase, labels: Labels) -> TestRecord | None:
    if nodeid is None:
        return None
    if item is not None and str(item.nodeid) == nodeid:
        return fixtures.read_test(item, phase, labels)
    shown = labels.node(nodeid)
    return TestRecord(nodeid=shown, name=shown.rpartition("::")[2], phase=phase)


def _lost(entry: exceptions.Entry, item: Any, labels: Labels) -> LostException:
    said = exceptions.record(entry, labels)
    if entry.executed is not None and entry.line is not None:
        return _of_thread(said, entry.executed, entry.line[0], item, labels)
    if entry.line is None:
        return said
    said = replace(said, answers=_answers(said, *entry.line[:2]))
    if entry.passed:
        return replace(said, slipped_by=_slipped_by(entry.passed, labels))
    if entry.coroutine is None:
        return said
    name = entry.coroutine.rpartition(".")[2]
    started = calls.handed_over(entry.site, name) or _started(name, entry.line[0], item)
    if started is None:
        return said
    at = Place(labels.file(started.file), started.line, started.name)
    taken = _starting(started)
    kept = (started.function or "").startswith("test") and taken is not None and taken.named
    passed = taken is not None and (taken.named or taken.operand or taken.to is not None)
    return replace(said, started_at=at, kept=kept, referenced=passed)


def _slipped_by(passed: Sequence[tuple[str, int, str]], labels: Labels) -> Slipped | None:
    """Return the first handler of all errors that a cancellation passed, on its way out."""
    raised_at = Place(labels.file(passed[0][0]), *passed[0][1:])
    for file, line, function in passed:
        handler = handlers.taker(file, line, ("Exception",))
        if handler is not None:
            return Slipped(
                handler=handlers.words(handler),
                handler_at=Place(labels.file(file), handler.node.lineno, function),
                raised_at=raised_at,
            )
    return None


def _answers(lost: LostException, file: str, line: int) -> bool:
    """Return whether the line gives a result to a future that was done: nobody waits for it."""
    done = lost.type.rpartition(".")[2] == "InvalidStateError"
    return done and any(one.name in ("set_result", "set_exception") for one in calls.at(file, line))


def _of_thread(
    said: LostException, name: str, file: str, item: Any, labels: Labels
) -> LostException:
    """Return *said* with the only line that passes *name* to an executor."""
    test = user_code.test(item)
    here = [file, *([test.co_filename] if test is not None else [])]
    given: list[calls.Call] = []
    for files in (here, project_files.files()):
        given = given or calls.given(files, name, EXECUTORS)
    if len(given) != 1:
        return said
    one = given[0]
    around = (call for call in calls.at(one.file, one.line) if call.name in EXECUTORS)
    call = next(around, one)
    at = Place(labels.file(call.file), call.line, call.name)
    return replace(said, started_at=at, kept=not call.alone)


def _starting(started: calls.Call) -> calls.Call | None:
    """Return the call that makes a task of what *started* creates: "create_task"."""
    around = calls.at(started.file, started.line)
    return next((one for one in around if one.name == started.taker), None)


def leaked(entry: loop_leaks.Entry, labels: Labels) -> LeakedTask:
    """Return a task that was still pending when its loop closed, and the call that started it.

    The call is shown only if it was seen to start the task: many calls may be spelled alike.
    """
    code = entry.code
    mine = await_chain.owner(code) == "user"
    step = await_chain.is_generator(code)  # `ensure_future(anext(rows))`: not its call is there
    name = STEP if step else code.co_name
    made = calls.started(entry.site, name) if mine or entry.direct else None
    taken = _starting(made) if made else None
    owner = _owner_of(entry, made) if made is not None else None
    users = [(step, line) for step, line in entry.steps if await_chain.owner(step) == "user"]
    return LeakedTask(
        coroutine=entry.name,
        call=_written(made, name, labels) if made and not mine else None,
        # If no user line starts a generator's step as a task, a library does.
        owner="user" if made and entry.direct else "library" if step else await_chain.owner(code),
        scope=entry.scope,
        of_a_test=entry.tests,
        waits_at=await_chain.place(*users[-1], labels) if users and entry.state != "new" else None,
        made_at=Place(labels.file(made.file), made.line, made.name) if made else None,
        made_by=made.function if made else None,
        owned_at=Place(labels.file(owner.file), owner.line, owner.name) if owner else None,
        closer=owner.closer if owner else None,
        dropped=taken is not None and taken.alone,
        started=entry.state != "new",
        cancelling=entry.cancelling,
    )


def _owner_of(entry: loop_leaks.Entry, made: calls.Call) -> Owner | None:
    """Return the call whose function has to end the task, if it is further out than *made*."""
    users = [one[1:3] for one in entry.site if project_files.owner(one[1], one[0]) == "user"]
    owner = object_owners.owner_of(users, task_starters.STARTERS)
    inner = users[: owner.depth] if owner is not None else []
    return owner if (made.file, made.line) in inner else None


def _written(made: calls.Call, name: str, labels: Labels) -> str | None:
    """Return the source text of the only call on that line that creates a library's coroutine."""
    nodes = parsed_files.standing_at(made.file, made.line)
    found = {ast.unparse(one) for one in nodes if isinstance(one, ast.Call) if _is(one, name)}
    written = plain(found.pop()) if len(found) == 1 else ""
    return written if 0 < len(written) <= WRITTEN else None


def _is(call: ast.Call, name: str) -> bool:
    return calls.last(call.func) == name


def _by_factory(name: str, among: list[calls.Call], item: Any) -> list[calls.Call]:
    """Return the line that starts *name* from a function passed to it, else *among*.

    A helper in the same file as that line is part of the test: then *among* says more.
    """
    names = _reached(item)
    known = (
        coroutine_factories.line(name, names, project_files.files()) if names is not None else None
    )
    if known is None or any(one.file == known.file for one in among):
        return among
    return [known]


def _reached(item: Any) -> frozenset[str] | None:
    """Return the names that the test's code can reach, None if they are unknown."""
    test = user_code.test(item)
    if test is None:
        return None
    cells = parsed_files.cells() if project_files.is_cell(test.co_filename) else ()
    files = {test.co_filename, *project_files.files(), *cells}
    given = fixtures.definitions(item)
    makers = (getattr(getattr(one, "func", None), "__name__", name) for name, one in given.items())
    return reachable_functions.names(test, (*given, *makers), files)


def _started(name: str, file: str, item: Any) -> calls.Call | None:
    """Return the call that passes coroutine *name* to a task, if there is only one candidate."""
    found = _starts(name, file, item)
    if found:  # else the line that raised says more than a loop over all handlers
        found = _by_factory(name, found, item)
    return found[0] if len(found) == 1 else None


def _starts(name: str, file: str, item: Any) -> list[calls.Call]:
    """Return the calls that may have passed coroutine *name* to a task, one for each line."""
    test = user_code.test(item)
    here = [file, *([test.co_filename] if test is not None else [])]
    for files in (here, project_files.files()):
        unasked = [one for one in calls.calls(files, name) if not one.awaited]
        starts = task_starters.STARTERS
        if any(one.taker not in starts for one in unasked) or not unasked:
            helpers = task_starters.helpers(project_files.files())
            unasked, starts = [*unasked, *calls.given(files, name, helpers)], starts | helpers
        found = [one for one in unasked if one.taker in starts]
        if any((one.named or one.to) and one.taker not in starts for one in unasked):
            return []  # a coroutine that is kept, or passed to a helper, may be started there
        if test is not None:  # then another test's own line did not start it
            found = [one for one in found if _may_be_by(one, test.co_name)]
            found = [one for one in found if one.function == test.co_name] or found
        if found:
            return [*{(one.file, one.line): one for one in found}.values()]
    return []


def _may_be_by(one: calls.Call, test: str) -> bool:
    return one.function == test or not (one.function or "").startswith("test")
