"""What a check finds left: a task that is still pending, a timer that is still scheduled.

The check is an assertion that expects none, `assert client.task is None`, or code that runs after
the test and fails with what it finds: `pytest.fail(f"Lingering task {task!r}")`.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from types import CodeType
from typing import Any

from loopcheck.case.live import Live
from loopcheck.light import frozen, replace
from loopcheck.process import failure, futures, objects
from loopcheck.process.failure import Step
from loopcheck.process.loops import task_contexts
from loopcheck.process.pending import timers
from loopcheck.process.waiting import await_chain
from loopcheck.records import Place
from loopcheck.source import assignments, calls, lines, parsed_files, user_code
from loopcheck.source.nodes import calls_in, mentioned, nodes_of
from loopcheck.source.statements import executed_statements
from loopcheck.source.values import called_bodies, compared_values, meaning
from loopcheck.source.values.called_bodies import Body
from loopcheck.watch import tasks

DEEPEST = 3  # functions below the one that ends the other tasks
ENDED = ("done", "cancelled")  # what a test asks a task that it expects to be over


@frozen
class Leftover:
    """A task or timer that a check finds, and the line that starts it."""

    name: str  # of its coroutine or function: "Client._read"
    started_at: Place
    checked_at: Place
    timer: bool = False
    written: str = ""  # what the assertion asks, "client.task", or the name that keeps the timer
    after: bool = False  # the check runs after the test
    forgotten_at: Place | None = None  # the function that ends other tasks of the same object
    counted: bool = False  # the assertion counts what is there
    kept: str = ""  # how that function could write it: "self.refresher"


def find_leftover(live: Live) -> Leftover | None:
    """Return what the failing check found, and expects to be over.

    A task is left out where the lines of the test or fixture that starts it show who ends it.
    """
    link = live.links[0]
    step = link.user
    statement = step.source.simple if step is not None else None
    if step is None or statement is None:
        return None
    if objects.is_a(link.error, AssertionError):
        for asked in _expected_gone(statement):
            for thing in filter(_goes_on, _parts(asked, step)):
                found = _asserted(thing, ast.unparse(asked), step, live)
                if found is not None:
                    return found
        return _only_counted(statement, step, live)
    for named in _named(statement) if live.phase == "teardown" else ():
        for thing in filter(_was_left, _parts(named, step)):
            found = _started(thing, step, live)
            if found is not None and not _is_in(found.started_at, step.frame.f_code, live):
                return replace(found, after=True)
    return None


def _only_counted(statement: ast.stmt, step: Step, live: Live) -> Leftover | None:
    """Return what the assertion counts and does not expect, if one line has started all of it."""
    found = [
        one
        for asked in _counted(statement, step)
        for thing in filter(_goes_on, (*_parts(asked, step), *_all_tasks(asked, live)))
        if (one := _asserted(thing, ast.unparse(asked), step, live)) is not None
    ]
    lines = {(one.started_at, one.forgotten_at) for one in found}
    return replace(found[0], counted=True) if len(lines) == 1 else None


def _all_tasks(asked: ast.expr, live: Live) -> list[Any]:
    if not isinstance(asked, ast.Call) or calls.last(asked.func) != "all_tasks":
        return []
    return task_contexts.tasks_of([failure.ran_on(live.links[0]), live.loop])


def _parts(asked: ast.expr, step: Step) -> tuple[object, ...]:
    found = meaning.of(asked, step.frame)
    return (found, *(one for _, one in objects.steps(found))) if meaning.known(found) else ()


def _goes_on(thing: object) -> bool:
    """Return whether *thing* is a task or timer that nothing has ended."""
    if futures.is_task(thing):
        return not futures.done(thing) and not futures.cancelling(thing)
    return timers.is_scheduled(thing)


def _was_left(thing: object) -> bool:
    """Return the same for code that may end what it finds before it fails."""
    if futures.is_task(thing):
        return not futures.done(thing) or futures.cancelled(thing)
    return timers.is_scheduled(thing)


def _asserted(thing: object, written: str, step: Step, live: Live) -> Leftover | None:
    found = _started(thing, step, live)
    if found is None or found.timer:
        return found
    found, test = replace(found, written=written), user_code.test(live.item)
    if test is None or not _is_in(found.started_at, test, live):
        return found
    forgetting = next(_forgetting(thing, step), None)
    if forgetting is None:
        return None
    code, kept = forgetting
    at = await_chain.place(code, code.co_firstlineno, live.labels)
    return replace(found, forgotten_at=at, kept=kept)


def _is_in(place: Place, code: CodeType, live: Live) -> bool:
    return (place.file, place.name) == (live.labels.file(code.co_filename), code.co_name)


def _started(thing: Any, step: Step, live: Live) -> Leftover | None:
    checked_at = step.place(live.labels)
    if not futures.is_task(thing):
        call = timers.scheduled_by(thing)
        if call is None:
            return None
        name = timers.name_of(thing)
        return Leftover(
            name="" if name.endswith(timers.NAMELESS) else name,
            started_at=Place(live.labels.file(call.file), call.line, call.function),
            checked_at=checked_at,
            timer=True,
            written=_keeper(call),
        )
    name = await_chain.name_of(futures.coroutine(thing))
    started = calls.started(tasks.site(thing), name.rpartition(".")[2])
    if started is None:
        return None
    return Leftover(
        name=name or "a task",
        started_at=Place(live.labels.file(started.file), started.line, started.function),
        checked_at=checked_at,
    )


def _keeper(call: calls.Call) -> str:
    """Return the name that the statement of *call* keeps its timer by: "self.timer"."""
    statement = lines.Line(call.file, call.line).simple
    kept = [*assignments.assignments_of(statement)] if statement is not None else []
    return ast.unparse(kept[0].target) if kept else ""


# What the check asks


def _expected_gone(statement: ast.stmt) -> Iterator[ast.expr]:
    """Yield what *statement* asserts to be None, false or empty, or to be done."""
    match statement:
        case ast.Assert(
            test=ast.Compare(left=asked, ops=[ast.Is() | ast.Eq()], comparators=[value])
        ):
            if _is_nothing(value):
                yield asked
        case ast.Assert(test=ast.UnaryOp(op=ast.Not(), operand=asked)):
            yield asked
        case ast.Assert(test=ast.Call(func=ast.Attribute(value=asked, attr=name), args=[])):
            if name in ENDED:
                yield asked


def _counted(statement: ast.stmt, step: Step) -> Iterator[ast.expr]:
    """Yield what *statement* counts, and has more than it expects: `assert len(jobs) == 1`."""
    match statement:
        case ast.Assert(
            test=ast.Compare(
                left=left, ops=[ast.Eq() | ast.Lt() | ast.LtE()], comparators=[right]
            ) as test
        ):
            one, other = compared_values.operands(test, step.frame)
            for side, count, expected in ((left, one, other), (right, other, one)):
                match side:
                    case ast.Call(func=ast.Name(id="len"), args=[asked]):
                        if type(count) is int and type(expected) is int and count > expected:
                            yield asked


def _is_nothing(value: ast.expr) -> bool:
    match value:
        case ast.Constant(value=None) | ast.List(elts=[]) | ast.Dict(keys=[]):
            return True
        case ast.Call(func=ast.Name(id="set" | "list" | "dict"), args=[], keywords=[]):
            return True
    return False


def _named(statement: ast.stmt) -> Iterator[ast.expr]:
    """Yield what the message of a line that fails names: `pytest.fail(…)`, `raise Left(…)`.

    Of `self.failed` that is the attribute, not all that `self` has; of `task.get_name()` the task.
    """
    match statement:
        case ast.Raise(exc=ast.Call(args=args)):
            pass
        case ast.Expr(value=ast.Call(func=func, args=args)) if calls.last(func) == "fail":
            pass
        case _:
            return
    methods = {id(one.func) for one in calls_in(*args)}
    nodes = list(nodes_of((ast.Name, ast.Attribute), *args))
    inner = {id(one.value) for one in nodes if isinstance(one, ast.Attribute)}
    for one in nodes:
        if id(one) not in inner:
            yield one.value if isinstance(one, ast.Attribute) and id(one) in methods else one


# What should have ended a task that the test starts


def _forgetting(task: object, step: Step) -> Iterator[tuple[CodeType, str]]:
    """Yield the functions called above that end other tasks of the object that keeps *task*."""
    block = parsed_files.function_of(step.frame.f_code)
    names = meaning.names_of(step.frame)
    above = [*executed_statements.before(block.body, step.line)] if block is not None else []
    for ran in reversed(above):
        for call in executed_statements.calls_of(ran):
            body = called_bodies.of_call(call, names)
            kept = _kept_for(task, body) if body is not None else None
            if body is None or kept is None:
                continue
            run = [*called_bodies.reached(body, deepest=DEEPEST)]
            words = {word for one in run for word in mentioned(*one.steps)}
            if "cancel" in words and kept.rpartition(".")[2] not in words:
                yield body.code, kept


def _kept_for(task: object, body: Body) -> str | None:
    """Return how the function of *body* could write *task*: "self.refresher"."""
    code = body.code
    for name in (*code.co_varnames[: code.co_argcount], *code.co_freevars):
        thing = body.env.get(name)
        for part, one in objects.steps(thing) if meaning.known(thing) else ():
            if one is task and part.startswith("."):
                return name + part
    return None
