"""A failing line that reads what a running task has not changed yet."""

from __future__ import annotations

import ast
import asyncio
import inspect
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import field
from itertools import islice
from types import CodeType, CoroutineType, FrameType, TracebackType
from typing import Any

from loopcheck.clock import until
from loopcheck.labels import Labels
from loopcheck.light import dataclass, replace
from loopcheck.process import futures, objects
from loopcheck.process.frames import line_at, module_of, owner_of
from loopcheck.process.loops import live_loops
from loopcheck.process.loops.live_loops import Loop
from loopcheck.process.pending import concurrent_work, first_awaits, next_rounds, timers
from loopcheck.process.waiting import await_chain, busy_threads
from loopcheck.records import LoopRecord, Place, Premature
from loopcheck.source import calls, effects, failing_line, lines, parsed_files
from loopcheck.source.assignments import assignments_in
from loopcheck.source.catching import cancel_handlers
from loopcheck.source.nodes import body_spans_line, calls_in, names_in, nodes_of, own_nodes
from loopcheck.source.values import assertions, callees, hoped_changes, meaning
from loopcheck.source.values.callees import Env
from loopcheck.source.values.hoped_changes import Change

FAILED = ("_pytest.outcomes.Failed", "Failed")
NOT_RAISED = re.compile(r"\bnot raised(?: by .+)?$")
LEAVES = (ast.Return, ast.Continue, ast.Break, ast.Raise)
MISSING = (KeyError, IndexError)
ASKS = (AssertionError, *MISSING)
TOO_FEW = frozenset({"removed"})  # the changes that are no help to a line that counts on more
MOST = 200  # pending tasks to look into
PATIENCE = 0.05  # seconds to wait for working threads after a failed assertion
DEEPEST = 10  # tasks that wait for tasks
_LAST_CALLS = ("await_args", "call_args")  # of a mock: None until it is called
_WAITERS = ("asyncio/locks.py", "asyncio/queues.py", "asyncio/events.py")


@dataclass(frozen=True)
class There:
    """Where a task, or a callback, is, if not on the loop of the test."""

    loop: LoopRecord
    fixture: str | None  # the async fixture that started it
    idle: bool  # user code created that loop, and nothing ran it meanwhile

    def add(self, found: Premature) -> Premature:
        return replace(found, loop=self.loop, fixture=self.fixture, idle=self.idle)


# Returns where a task is; called without a task for the loop alone.
Away = Callable[[Loop, Any], There | None]


@dataclass(frozen=True, eq=False)
class Asked:
    """The failing line of user code, and what it reads. Lives only while a probe runs."""

    frame: FrameType
    line: int
    step: ast.stmt
    sight: effects.Sight
    begun: dict[str, set[CodeType]] = field(default_factory=dict)  # by the only call that began it
    of_none: bool = False  # it failed on a value that is still None
    # The innermost line that can hold an `await`; None: there is none, or it is not known.
    async_line: tuple[FrameType, int] | None = None

    def place(self, labels: Labels) -> Place:
        """Return the line that asks too early: in a plain `def`, the one that leads to it."""
        frame, line = self.async_line or (self.frame, self.line)
        return Place(labels.file(frame.f_code.co_filename), line, frame.f_code.co_name)


def asked(error: BaseException) -> Asked | None:
    """Return what the innermost line of user code read when it failed with *error*."""
    if type(error) in (TypeError, AttributeError):
        return _of_none(error)
    if type(error) not in ASKS:
        return None
    found, last = _users_last(error)
    if found is None or not (type(error) is AssertionError or found is last):
        return None
    frame, line = found.tb_frame, found.tb_lineno
    step = lines.of_trace(found).simple
    if step is None or (isinstance(step, ast.Raise) and type(error) is AssertionError):
        return None
    what = step.test if isinstance(step, ast.Assert) else step
    asks = [what, *_answer(frame.f_code.co_filename, step)]
    sight = effects.read_by(asks, meaning.names_of(frame), frame.f_code)
    return Asked(frame, line, step, sight, _begun(asks, frame), async_line=_async_line(error))


def _of_none(error: BaseException) -> Asked | None:
    """Return the attribute that is still None, if the line of user code reads a part of it."""
    found, last = _users_last(error)
    if found is None or found is not last:
        return None
    frame, line = found.tb_frame, found.tb_lineno
    step = lines.of_trace(found).simple
    env = meaning.names_of(frame)
    wanted = [one.value for one in _parts(error, step) if _is_none(one.value, env)] if step else []
    if step is None or not wanted:
        return None
    sight = effects.read_by(wanted, env, frame.f_code)
    return Asked(frame, line, step, sight, of_none=True, async_line=_async_line(error))


def _async_line(error: BaseException) -> tuple[FrameType, int] | None:
    """Return the line of user code that is to wait: the innermost one that can hold an `await`.

    An assertion is the test's own. Any other error came to the code under test since it was called
    too early: then it is the line of the outermost function that led there.
    """
    found: TracebackType | None = None
    for one in reversed(failing_line.users_of(failing_line.trace_of(error))):
        if not one.tb_frame.f_code.co_flags & (inspect.CO_COROUTINE | inspect.CO_ASYNC_GENERATOR):
            continue
        if found is not None and not _awaits(one, found.tb_frame.f_code):
            break
        found = one
        if type(error) is AssertionError:
            break
    return (found.tb_frame, found.tb_lineno) if found is not None else None


def _awaits(outer: TracebackType, inner: CodeType) -> bool:
    """Return whether the line of *outer* awaits a call of *inner*, and not a task that runs it."""
    step = lines.of_trace(outer).simple
    awaited = nodes_of(ast.Await, step) if step is not None else ()
    return any(
        isinstance(one.value, ast.Call) and calls.last(one.value.func) == inner.co_name
        for one in awaited
    )


def _parts(error: BaseException, step: ast.stmt) -> Iterator[ast.Attribute | ast.Subscript]:
    """Yield the expressions that *error* may be about, if it is about a part of None."""
    said = objects.said(error)
    for node in nodes_of((ast.Attribute, ast.Subscript), step):
        if isinstance(node, ast.Attribute) and said.startswith("'NoneType' object has no attr"):
            if node.attr == getattr(error, "name", None):
                yield node
        elif isinstance(node, ast.Subscript) and said == "'NoneType' object is not subscriptable":
            yield node


def _is_none(node: ast.expr, env: Env) -> bool:
    if not isinstance(node, ast.Attribute):
        return False
    if node.attr in _LAST_CALLS and objects.is_mock(of := callees.value(node.value, env)):
        own = objects.own_dict(of) or {}  # the attribute itself is a property
        return own.get(f"_mock_{node.attr}", of) is None
    return callees.value(node, env) is None


def _begun(asks: Sequence[ast.AST], frame: FrameType) -> dict[str, set[CodeType]]:
    """Return what each call of *asks* began: no code could wait for that before the call.

    A call that an earlier line also made is left out: its task may come from that line.
    """
    code, env = frame.f_code, meaning.names_of(frame)
    first = min(getattr(one, "lineno", 0) for one in asks)
    block = parsed_files.function_of(code)
    above = calls_in(block)
    again = {ast.unparse(one.func) for one in above if one.lineno < first}
    new = [one for one in calls_in(*asks) if ast.unparse(one.func) not in again]
    return {ast.unparse(one): effects.begun_by(one, env, code) for one in new}


def _answer(filename: str, step: ast.stmt) -> Iterator[ast.expr]:
    """Yield the value that the line before *step* assigned, if *step* checks it: `hit = …`."""
    names = names_in(step)
    for node in parsed_files.standing_at(filename, step.lineno):
        body = getattr(node, "body", None)
        if isinstance(body, list) and step in body[1:]:
            match body[body.index(step) - 1]:
                case ast.Assign(targets=[ast.Name(id=name)], value=value) if name in names:
                    yield value


def did_not_raise(error: BaseException) -> Asked | None:
    """Return the `with pytest.raises(…)`, or `self.assertRaises(…)`, that did not get its error."""
    found, last = _users_last(error)
    said = objects.said(error) or objects.peek(error, "msg")
    if found is None or last is None or type(said) is not str:
        return None
    by_unittest = module_of(last.tb_frame) == "unittest.case" and NOT_RAISED.search(said)
    by_pytest = objects.type_name(error) in FAILED and said.startswith("DID NOT RAISE")
    if not by_unittest and not by_pytest:
        return None
    frame, line = found.tb_frame, found.tb_lineno
    around = parsed_files.standing_at(frame.f_code.co_filename, line)
    blocks = (one for one in around if isinstance(one, ast.With))
    step = next((one for one in blocks if one.lineno <= line <= one.body[0].lineno), None)
    return Asked(frame, line, step, effects.Sight()) if step is not None else None


def misses_an_error(error: BaseException, waits: Iterable[tuple[CodeType, int]]) -> bool:
    """Return whether *error* reports that *waits* did not fail: `assert False` below `try`.

    That line can only be reached if what the `try` holds ran to its end. Another assertion may be
    about what the handler of the missing error would have changed.
    """
    found, _ = _users_last(error)
    step = lines.of_trace(found).simple if found is not None else None
    if found is None or step is None:
        return False
    waits = [*waits]
    if _changed_by_handlers(waits) & _asserted(step):
        return True
    if not _always_fails(step):
        return False
    code = found.tb_frame.f_code
    block, waited = parsed_files.function_of(code), [line for one, line in waits if one is code]
    for node in own_nodes(block) if block is not None else ():
        if not isinstance(node, ast.Try) or not node.handlers:
            continue
        if not any(body_spans_line(node.body, line) for line in waited):
            continue
        leaves = all(isinstance(one.body[-1], LEAVES) for one in node.handlers)
        below = leaves and (node.end_lineno or node.lineno) < step.lineno
        if below or body_spans_line([*node.body, *node.orelse], step.lineno):
            return True
    return False


def _changed_by_handlers(waits: Sequence[tuple[CodeType, int]]) -> set[str | None]:
    """Return the names of what the handlers around *waits* that expect a timeout change."""
    changed = set[str | None]()
    for one in cancel_handlers.timeout_handlers(waits):
        changed |= {calls.last(part) for each in assignments_in(*one.body) for part in each.parts()}
        for call in calls_in(*one.body):
            if isinstance(call.func, ast.Attribute):  # `late.append(…)`
                changed.add(calls.last(call.func.value))
    return changed - {"self"}


def _asserted(step: ast.stmt) -> set[str | None]:
    """Return the names in *step*. Another object has another name in front: `station.alarms`."""
    return {*map(calls.last, nodes_of((ast.Name, ast.Attribute), step))} - {None}


def _always_fails(step: ast.stmt) -> bool:
    """Return whether *step* fails whatever it reads."""
    match step:
        case ast.Assert(test=ast.Constant(value=value)):
            return not value
        case ast.Raise(exc=ast.Name(id="AssertionError")):
            return True
        case ast.Raise(exc=ast.Call(func=ast.Name(id="AssertionError"))):
            return True
        case ast.Expr(value=ast.Call(func=func)):
            return calls.last(func) == "fail"
    return False


def _users_last(error: BaseException) -> tuple[TracebackType | None, TracebackType | None]:
    """Return the innermost line of user code in the traceback, and the innermost of all."""
    trace = failing_line.trace_of(error)
    users = failing_line.users_of(trace)
    return (users[-1] if users else None), (trace[-1] if trace else None)


def read(
    what: Asked,
    error: BaseException,
    loops: Sequence[Loop],
    labels: Labels,
    away: Away,
    *,
    new: bool = True,
) -> tuple[Premature, ...]:
    """Return the task of *loops* that was about to change what the line reads, at most one.

    *away* returns a task's loop and its origin, if that is not the test's loop. *new*: the loop has
    run since, so that a task that has not begun is about to.
    """
    found = _found(what, error, loops, labels, away, new=new)
    missing = what.of_none or type(error) in MISSING
    return tuple(replace(one, missing=missing) for one in found)


def _found(
    what: Asked,
    error: BaseException,
    loops: Sequence[Loop],
    labels: Labels,
    away: Away,
    *,
    new: bool,
) -> tuple[Premature, ...]:
    """Return the same, without what the line's own error says about it."""
    useless = hoped_changes.useless(what.step, meaning.names_of(what.frame))
    for task in pending(loops):
        if goes_on(task) and not _closes(task) and (new or _comes_past(task)):
            if _asks_whether_cancelled(what, task) and not futures.cancelling(task):
                continue  # nothing has asked it to end
            itself = what.sight.keys.get(("done", id(task)))
            text, again = itself or _changed_by(task, what, useless), False
            if text is None and useless == TOO_FEW and sleeps(task):
                text, again = _changed_by(task, what, useless, again=True), True
            if text is not None:
                found = replace(
                    record(what.place(labels), text, task, labels),
                    itself=itself is not None,
                    again=again,
                )
                there = away(futures.loop(task), task)
                return (there.add(found) if there else found,)
    # While the loop runs, for example in a comparison, we must not wait.
    if not what.of_none and _holds_soon(what, loops if new else ()) and _alone(what, error, loops):
        text = _what_held(what)
        if text is not None:
            threads = concurrent_work.in_threads(failing_line.trace_of(error), loops)
            place, mock = what.place(labels), assertions.of_mock(what.step) is not None
            return (Premature(asked=text, place=place, held=True, threads=threads, mock=mock),)
    return tuple(islice(_timers(what, loops, labels, away), 1))


def _asks_whether_cancelled(what: Asked, task: Any) -> bool:
    """Return whether the failing line asks *task* itself: `task.cancelled()`."""
    return any(
        isinstance(call.func, ast.Attribute)
        and call.func.attr == "cancelled"
        and meaning.of(call.func.value, what.frame) is task
        for call in calls_in(what.step)
    )


def _changed_by(
    task: Any, what: Asked, useless: Collection[Change], *, again: bool = False
) -> str | None:
    """Return the part of the failing line that *task* will change; *again*: in its next round."""
    equal, hoped = effects.equal_to(what.step), frozenset[str]() if what.of_none else None
    changed = changes(task, equal, useless=useless, hoped=hoped, again=again)
    return effects.common(what.sight, changed, but=_began(what, task))


def _holds_soon(what: Asked, loops: Sequence[Loop]) -> bool:
    """Return whether the assertion holds now, or after a thread of *loops* has ended."""

    def holds() -> bool:  # a thread may change a `nonlocal` meanwhile
        return assertions.now(what.step, meaning.names_of(what.frame))

    def at_rest() -> bool:
        return not any(map(busy_threads.in_executor, loops))

    if not at_rest():
        until(lambda: holds() or at_rest(), PATIENCE)
    return holds()


def _what_held(what: Asked) -> str | None:
    """Return what the line asserts about; with several conditions it is unknown which failed."""
    step = what.step
    if isinstance(step, ast.Assert) and isinstance(step.test, ast.BoolOp):
        return ast.unparse(step.test)
    if (call := assertions.of_mock(step)) is not None:
        return ast.unparse(call.func)
    return next(iter(what.sight.keys.values()), None)


def _timers(what: Asked, loops: Iterable[Loop], labels: Labels, away: Away) -> Iterator[Premature]:
    """Yield the callback that was about to change what the line reads.

    On a loop that does not run it is one that is due, and was not called.
    """
    useless = hoped_changes.useless(what.step, meaning.names_of(what.frame))
    for loop in loops:
        there = away(loop, None)
        late = timers.due(loop) if there is not None and there.idle else ()
        for timer in timers.soon(loop) if there is None else late:
            text = timers.changes(timer, what.sight, what.step, useless)
            if text is not None:
                place = what.place(labels)
                one = Premature(asked=text, place=place, coroutine=timer.name, timer=True)
                yield there.add(one) if there else one


def _comes_past(task: Any) -> bool:
    """Return whether *task* has begun, or will get past its first `await`."""
    coro = futures.coroutine(task)
    return not await_chain.is_new(coro) or all(
        map(first_awaits.comes_past, await_chain.frames(coro))
    )


def _closes(task: Any) -> bool:
    """Return whether *task* closes an async generator: it runs none of its other lines."""
    return type(futures.coroutine(task)).__name__ == "async_generator_athrow"


def pending(loops: Iterable[Loop]) -> Iterator[Any]:
    """Yield the pending tasks of the open ones of *loops*, up to a limit.

    The currently running task is left out: after a failed subtest that is the test itself.
    """
    count = 0
    for loop, tasks in live_loops.by_loop(loops):
        now = asyncio.current_task(loop)
        for task in tasks if not objects.closed(loop) else ():
            if task is now or not futures.is_task(task):
                continue
            if not futures.done(task):
                count += 1
                if count > MOST:
                    return
                yield task


def changes(
    task: Any,
    equal: tuple[str, object] | None = None,
    *,
    useless: Collection[Change] = (),
    hoped: frozenset[str] | None = None,
    again: bool = False,
) -> effects.Sight:
    """Return what *task* will change, except into a constant other than the expected one.

    *useless*: also leave out what it adds, or removes. *hoped*: the expected constants; assigning
    another one, above all None, does not count. *again*: it runs its current loop once more.
    """
    sight = effects.Sight(equal=equal, useless=useless, hoped=hoped)
    _add_changes(futures.coroutine(task), sight, again=again)
    return sight


def helpful_sight(what: Asked) -> effects.Sight:
    """Return an empty record of changes that leaves out those with which the line fails, too."""
    useless = hoped_changes.useless(what.step, meaning.names_of(what.frame))
    hoped = frozenset[str]() if what.of_none else None
    return effects.Sight(equal=effects.equal_to(what.step), useless=useless, hoped=hoped)


def unbegun(what: Asked, coroutines: Iterable[Any]) -> Iterator[Any]:
    """Yield those of *coroutines* that would change what the line reads; not one has begun."""
    for coro in islice(coroutines, MOST):
        sight = helpful_sight(what)
        _add_changes(coro, sight)
        if effects.common(what.sight, sight) is not None:
            yield coro


def _add_changes(coro: object, sight: effects.Sight, *, again: bool = False) -> None:
    new = await_chain.is_new(coro)
    for frame in await_chain.frames(coro):
        if owner_of(frame) == "user":
            steps = _rest(frame, new=new)
            steps += next_rounds.steps(frame) if again else []
            effects.changed_by(steps, meaning.names_of(frame), frame.f_code, sight)


def _began(what: Asked, task: Any) -> list[str]:
    """Return the calls of the line that began *task*: their results are final."""
    mine = {frame.f_code for frame in await_chain.frames(futures.coroutine(task))}
    return [call for call, begun in what.begun.items() if not mine.isdisjoint(begun)]


def _rest(frame: FrameType, new: bool) -> list[ast.AST]:
    block = parsed_files.function_of(frame.f_code)
    if block is None:
        return []
    return list(block.body) if new else effects.rest(block.body, line_at(frame))


def goes_on(task: Any, depth: int = 0) -> bool:
    """Return whether *task* will run again and continue its work without outside help."""
    waiter = futures.waiter(task)
    frames = await_chain.frames(futures.coroutine(task))
    files = [frame.f_code.co_filename.replace("\\", "/") for frame in frames]
    mine = [frame for frame in frames if owner_of(frame) == "user"]
    if frames and _is_sleep(frames[-1]):
        return sleeps(task) and all(map(_has_a_job, mine))
    if _of_library(frames) and any(any(next_rounds.loops_around(one)) for one in mine):
        return False  # an endless loop: it has had, or will have, its answer at any moment
    if waiter is None or futures.done(waiter):
        return True
    if frames and (behind := _behind(frames[-1])):
        return any(_comes(one, depth) for one in behind)
    if (inner := _tasks(waiter)) and depth < DEEPEST:
        return any(goes_on(one, depth + 1) for one in inner if not futures.done(one))
    if _of_executor(waiter):
        return True
    return bool(frames) and frames[-1] not in mine and not files[-1].endswith(_WAITERS)


def sleeps(task: Any) -> bool:
    """Return whether *task* only waits for a short time."""
    frames = await_chain.frames(futures.coroutine(task))[-1:]
    return any(_is_sleep(one) and _soon(meaning.names_of(one).get("delay")) for one in frames)


def _is_sleep(frame: FrameType) -> bool:
    file = frame.f_code.co_filename.replace("\\", "/")
    return frame.f_code.co_name == "sleep" and file.endswith("asyncio/tasks.py")


def _soon(delay: Any) -> bool:
    """Return whether *delay* is short: an expiry mostly comes later, and no test waits for it."""
    return type(delay) not in (int, float) or delay < timers.SOON


def _behind(waits: FrameType) -> list[Any]:
    """Return the futures behind `wait_for` and `wait`, if their timeout is long."""
    env, name = meaning.names_of(waits), waits.f_code.co_name
    if not waits.f_code.co_filename.replace("\\", "/").endswith("asyncio/tasks.py"):
        return []
    if type(env.get("timeout")) in (int, float) and _soon(env["timeout"]):
        return []
    kept = env.get("fs") if name == "_wait" else [env.get("fut")] if name == "wait_for" else ()
    known: Any = kept if type(kept) in (list, set) else ()
    return [one for one in known if futures.is_future(one)]


def _comes(future: Any, depth: int) -> bool:
    """Return whether *future* is done, or will be: a running task, or a thread, completes it."""
    if futures.done(future):
        return True
    if futures.is_task(future):
        return depth < DEEPEST and goes_on(future, depth + 1)
    return _of_executor(future)


def _of_library(frames: Sequence[FrameType]) -> bool:
    """Return whether a library waits for its answer or its lock, and not a line of user code."""
    modules = ((one, module_of(one)) for one in reversed(frames))
    plain = ("asyncio.locks", "asyncio.queues", "asyncio.tasks", "asyncio.timeouts")
    innermost = next((one for one, name in modules if name not in plain), None)
    return innermost is not None and owner_of(innermost) != "user"


def _tasks(waiter: Any) -> list[Any]:
    """Return the tasks that *waiter* waits for."""
    return [one for one in futures.parts(waiter) or [waiter] if futures.is_task(one)]


def _of_executor(waiter: Any) -> bool:
    callbacks = [one for one, *_ in getattr(waiter, "_callbacks", None) or ()]
    return any(getattr(one, "__qualname__", "").startswith("_chain_future.") for one in callbacks)


def _has_a_job(frame: FrameType) -> bool:
    """Return whether this iteration awaited something before the sleep: else it is a clock."""
    line = line_at(frame)
    for loop in next_rounds.loops_around(frame):
        waits = nodes_of((ast.Await, ast.AsyncFor, ast.AsyncWith), *loop.body)
        if isinstance(loop, ast.While) and not any(one.lineno < line for one in waits):
            return False
    return True


def _alone(what: Asked, error: BaseException, loops: Sequence[Loop]) -> bool:
    """Return whether only a step of the loop can have changed what the line reads."""
    trace = failing_line.trace_of(error)
    return not concurrent_work.runs_on(trace, what.step) and concurrent_work.anything(trace, loops)


def name(task: Any) -> str:
    """Return the name of a task in a finding: its innermost user function."""
    coro = futures.coroutine(task)
    way = await_chain.follow(coro)
    mine = (code for code, _ in way.steps if await_chain.owner(code) == "user") if way else ()
    return _name(coro, next(iter(mine), None))


def record(place: Place, text: str, task: Any, labels: Labels) -> Premature:
    """Return *task*, which should have changed what *place* reads as *text*."""
    coro = futures.coroutine(task)
    way = await_chain.follow(coro)
    steps = (
        [(code, line) for code, line in way.steps if await_chain.owner(code) == "user"]
        if way
        else []
    )
    new = await_chain.is_new(coro)
    mine = [one for one in await_chain.frames(coro) if owner_of(one) == "user"]
    endless = [loop for one in mine for loop in next_rounds.endless(one, new=new)]
    return Premature(
        asked=text,
        place=place,
        coroutine=_name(coro, steps[0][0] if steps else None),
        waits_at=await_chain.place(*steps[-1], labels) if steps and not new else None,
        started=not new,
        endless=bool(endless),
        queue=next(filter(None, map(next_rounds.joined_queue, endless)), None),
    )


def _name(coro: object, mine: CodeType | None) -> str:
    own = coro.cr_code if type(coro) is CoroutineType else None
    if own is not None and mine in (None, own):
        return await_chain.name_of(coro)
    return await_chain.short(mine.co_qualname) if mine is not None else "the task"
