"""A failure: the chain of errors, and the objects in the failing frames that belong to a loop.

A client that met a wrong loop once throws its connection away and is well again. What it was
bound to is then in the frames alone, and those live as long as the exception: look at once.
"""

import asyncio
import inspect
from collections.abc import Iterator, Sequence
from types import CoroutineType, FrameType, FunctionType, TracebackType
from typing import cast

from loopcheck.facts.labels import Labels, plain
from loopcheck.facts.light import dataclass
from loopcheck.facts.probes import given_up, in_a_thread, objects, source, spoken, whose
from loopcheck.facts.records import ErrorRecord, FrameRecord, Place

CHAIN = 20  # errors followed
RUNS = frozenset({"run_until_complete", "run_forever"})
CHECKS = frozenset({"_check_closed", "_check_running"})  # these refuse to run a loop
STARTING = RUNS | {"_run_forever_setup"}
STARTERS = {  # these refuse by themselves to start a loop inside a running one
    ("asyncio.runners", "run"): "asyncio.run",
    ("anyio._core._eventloop", "run"): "anyio.run",
    ("asgiref.sync", "__call__"): "async_to_sync",
}
RUNNING = ("_check_running", "uvloop.loop.Loop._run")  # what finds that a loop runs already
NEAR = 6  # steps from a name on the failing line to what is bound to the loop
CROSSING = ("concurrent.futures._base", "concurrent.futures.thread")
PORTAL = ("anyio.from_thread", "_call_func")  # runs in the thread of anyio's portal


@dataclass(frozen=True, eq=False)
class Step:
    """One frame of a traceback. Lives only while gather runs."""

    frame: FrameType
    line: int
    instruction: int  # that failed; below 0: not known

    @property
    def span(self) -> tuple[int, int, int] | None:
        """Line and columns of the failing instruction, where it is on one line."""
        line, end_line, start, stop = source.spot(self.frame.f_code, self.instruction)
        if line is None or start is None or stop is None or end_line != line:
            return None
        return line, start, stop

    @property
    def module(self) -> str:
        return str(self.frame.f_globals.get("__name__", ""))

    @property
    def owner(self) -> whose.Owner:
        return whose.owner(self.frame.f_code.co_filename, self.module)


@dataclass(frozen=True, eq=False)
class Meeting:
    """Where two loops met: the objects of the other loop, and the frames of the user's."""

    used_on: asyncio.AbstractEventLoop | None
    home: asyncio.AbstractEventLoop
    witness: object
    targets: tuple[object, ...]  # what to search for from the user's names, most wanted first
    user: tuple[Step, ...]  # the user's frames, innermost first


@dataclass(frozen=True, eq=False)
class Nested:
    """A loop that was to be started inside a running one."""

    call: str  # "asyncio.run"
    coroutine: str | None  # name of what was to run there
    user: Step | None  # the user's line that started it
    running: asyncio.AbstractEventLoop | None
    of_library: bool = False  # the user calls what starts loops for itself
    in_a_thread: bool = True  # a thread could call the user's function, and start a loop there


@dataclass(frozen=True, eq=False)
class Link:
    """One error of a chain, with the frames from the test down to its raising line."""

    error: BaseException
    trace: tuple[Step, ...]
    given_up: tuple[BaseException, ...] = ()  # what its function had caught before it raised
    among: tuple[BaseException, ...] = ()  # the results that the assertion is about


def chain(
    error: BaseException, logged: Sequence[BaseException] = (), outer: tuple[Step, ...] = ()
) -> Iterator[Link]:
    """Yield *error*, then what it came from: groups, causes, contexts, what was given up on.

    *logged* are errors that the log of the test holds, which has no say in what came of them.
    *outer* are the frames that *error* came up below, if it did not come back to them.
    """
    todo: list[tuple[BaseException, tuple[Step, ...]]] = [(error, outer)]
    seen: set[int] = set()
    while todo and len(seen) < CHAIN:
        now, outer = todo.pop(0)
        if id(now) in seen:
            continue
        seen.add(id(now))
        trace = _joined(outer, _steps(now))
        try:
            link = _link(now, trace, logged)
        except Exception:  # what its lines have at hand besides must not hide the error itself
            link = Link(now, trace)
        yield link
        if objects.is_a(now, BaseExceptionGroup):
            parts = cast("BaseExceptionGroup[BaseException]", now).exceptions
            todo += [(part, link.trace) for part in parts]
        behind = [more for more in (now.__cause__, now.__context__) if more is not None]
        todo += [(more, link.trace) for more in (*behind, *link.given_up)]
        todo += [(more, ()) for more in link.among]


def _link(error: BaseException, trace: tuple[Step, ...], logged: Sequence[BaseException]) -> Link:
    last = trace[-1] if trace else None
    if last is None or last.owner != "user":
        return Link(error, trace)
    if type(error) is AssertionError:
        return Link(error, trace, among=given_up.among_results(last.frame, last.line))
    if error.__cause__ is not None or error.__context__ is not None:
        return Link(error, trace)
    return Link(error, trace, given_up.before(last.frame, last.line, last.span, logged))


def _steps(error: BaseException) -> tuple[Step, ...]:
    found = []
    trace: TracebackType | None = error.__traceback__
    while trace is not None:
        found.append(Step(trace.tb_frame, trace.tb_lineno, trace.tb_lasti))
        trace = trace.tb_next
    return tuple(found)


def _joined(outer: tuple[Step, ...], inner: tuple[Step, ...]) -> tuple[Step, ...]:
    """Return *inner* from the test on: a caught error's frames begin where it was caught."""
    if not outer or not inner:
        return inner or outer
    for index, step in enumerate(outer):
        if step.frame is inner[0].frame:
            return (*outer[:index], *inner)
    start, _ = _runner(outer, None)
    return (*outer[:start], *inner)


def read_error(link: Link, labels: Labels) -> ErrorRecord:
    """Return the error of *link* as a record: its type, words, and who raised it."""
    error, trace = link.error, link.trace
    last = trace[-1] if trace else None
    users = last is not None and last.owner == "user"
    return ErrorRecord(
        type=objects.type_name(error),
        message=plain(_message(error)),
        module=last.module if last else "",
        function=last.frame.f_code.co_name if last else "",
        raised=source.step_at(last.frame.f_code.co_filename, last.line, last.span)
        if last is not None and users
        else "other",
        owner=last.owner if last else "library",
        frames=tuple(_frame(step, labels) for step in trace),
    )


def _message(error: BaseException) -> str:
    """Return the words of *error*. Its own `__str__` is not run: they are its arguments."""
    args = BaseException.__dict__["args"].__get__(error)
    return " ".join(arg for arg in args if type(arg) is str)[:2_000]


def _frame(step: Step, labels: Labels) -> FrameRecord:
    code = step.frame.f_code
    place = Place(labels.file(code.co_filename), step.line, code.co_name)
    return FrameRecord(place=place, module=step.module, owner=step.owner)


def meeting(link: Link, fallback: asyncio.AbstractEventLoop | None = None) -> Meeting | None:
    """Return where the error of *link* met another loop, None if all were at home.

    *fallback* is the loop of the test, for loops that are not written in Python (uvloop).
    """
    start, used_on = _runner(link.trace, fallback)
    inner = link.trace[start:]
    user = _users(inner) or _users(link.trace)  # in a thread only the line that called run()
    below = inner[_deepest_user(inner) + 1 :]
    gone = _closed_loop(link)
    strangers = [
        (thing, loop)
        for step in reversed(below)
        for thing in _held(step)
        if (loop := objects.bound_loop(thing)) is not None and loop is not used_on
    ]
    own = [thing for step in reversed(below) if (thing := _self(step)) is not None]
    if gone is not None:  # what the error is about, whatever else is not at home
        strangers = [one for one in strangers if one[1] is gone]
        strangers = strangers or list(_said(user, gone)) or [(gone, gone)]
    if not strangers and user and inner and not below:
        strangers = list(_awaited(user[0], used_on))
        if not strangers and _refused_by_a_task(link.error):
            other = _handed_to(user[1:], used_on)
            strangers = _of_one_loop(_awaited(user[0], other)) if other is not None else []
            used_on = other or used_on
    if not strangers:
        return None
    witness, home = strangers[0]
    same = [thing for thing, loop in strangers if loop is home]
    return Meeting(used_on, home, witness, tuple(_once([*same, *own])), user)


def _closed_loop(link: Link) -> asyncio.AbstractEventLoop | None:
    """Return the loop that refused to work since it is closed."""
    last = link.trace[-1] if link.trace else None
    if last is None or last.frame.f_code.co_name != "_check_closed":
        return None
    loop = last.frame.f_locals.get("self")
    known = last.module.startswith("asyncio.") and objects.is_loop(loop)
    return cast("asyncio.AbstractEventLoop", loop) if known else None


def _said(
    user: tuple[Step, ...], gone: asyncio.AbstractEventLoop
) -> Iterator[tuple[object, asyncio.AbstractEventLoop]]:
    """Yield what is bound to *gone* of that which the failing line of the user's names."""
    for value in _named(user[0]) if user else ():
        for path, thing, _ in objects.walk(value):
            if len(path) > NEAR:
                break
            if objects.bound_loop(thing) is gone:
                yield thing, gone
                break


def _named(step: Step) -> Iterator[object]:
    """Yield what the names of the failing line lead to."""
    code = step.frame.f_code
    said = source.names_at(code.co_filename, step.line)
    space = {**step.frame.f_globals, **step.frame.f_locals}
    for name in sorted(said & space.keys()):
        yield space[name]


def nested(link: Link) -> Nested | None:
    """Return the loop that was to be started inside a running one, None if none was."""
    last = link.trace[-1] if link.trace else None
    if last is None or not objects.is_a(link.error, RuntimeError):
        return None
    name, start = last.frame.f_code.co_name, len(link.trace) - 1
    checked = _loops(last) and name in RUNNING
    if not checked and (last.module, name) not in STARTERS:
        return None
    while start and _loops(last) and _loops(link.trace[start - 1]):
        start -= 1
    _, running = _runner(link.trace[:start], None)
    running = running or asyncio._get_running_loop()  # a cell's still runs
    if running is None and checked and not any(map(_asynchronous, link.trace[:start])):
        return None  # it may run in another thread
    user = next((step for step in reversed(link.trace[:start]) if step.owner == "user"), None)
    if user is not None and _clean_up(link.trace[:start], link.trace[start]):
        said = spoken.asked(spoken.called_at(user.frame.f_code, user.instruction))
        called = link.trace[link.trace.index(user) + 1].frame.f_code.co_qualname
        return Nested(said or called, None, user, running, of_library=True)
    coroutine = next(filter(None, map(_started, link.trace[start:])), None)
    could = user is None or _in_a_thread(user, link.trace[start], running)
    return Nested(_call(link.trace[start]), coroutine, user, running, in_a_thread=could)


def _in_a_thread(user: Step, start: Step, running: object) -> bool:
    file = user.frame.f_code.co_filename
    own = in_a_thread.starts_its_own(file, user.line, start.frame, running)
    return own and in_a_thread.can_call(file, user.line)


def passed_on(link: Link) -> bool:
    """Return whether the error of *link* was made of the one behind it, and did not replace it."""
    if objects.is_a(link.error, BaseExceptionGroup) or link.error.__cause__ is not None:
        return True
    last = link.trace[-1] if link.trace else None
    if last is None or last.owner != "user":
        return False
    raises = source.step_at(last.frame.f_code.co_filename, last.line, last.span) == "raise"
    return (raises and _caught_by(last.frame, link.error.__context__)) or bool(link.among)


def _caught_by(frame: FrameType, error: BaseException | None) -> bool:
    """Return whether *error* came to *frame*: what a handler there calls may fail by itself."""
    trace = error.__traceback__ if error is not None else None
    while trace is not None and trace.tb_frame is not frame:
        trace = trace.tb_next
    return error is None or trace is not None


def _clean_up(before: Sequence[Step], step: Step) -> bool:
    """Return whether a library ends a runner at *step* that never began: its first error is gone.

    Nothing of the user's was to run there; what the user called is all that can be said.
    """
    ends = step.module == "asyncio.runners" and step.frame.f_code.co_qualname == "Runner.close"
    return ends and bool(before) and before[-1].owner != "user"


def _loops(step: Step) -> bool:
    return step.module.startswith("asyncio.") or step.module == "uvloop.loop"


def _asynchronous(step: Step) -> bool:
    return bool(step.frame.f_code.co_flags & inspect.CO_COROUTINE)


def _call(step: Step) -> str:
    code = step.frame.f_code
    if step.module == "asyncio.runners":
        return code.co_qualname if "." in code.co_qualname else f"asyncio.{code.co_name}"
    return STARTERS.get((step.module, code.co_name)) or f"loop.{code.co_name.rpartition('.')[2]}"


def _started(step: Step) -> str | None:
    """Return the name of the coroutine, or of its function, that was to run."""
    for name in ("main", "coro", "future", "func"):
        thing = step.frame.f_locals.get(name)
        if type(thing) is CoroutineType:
            return thing.cr_code.co_qualname.rpartition("<locals>.")[2]
        if type(thing) is FunctionType:
            return thing.__code__.co_qualname.rpartition("<locals>.")[2]
    return None


def _users(trace: Sequence[Step]) -> tuple[Step, ...]:
    return tuple(step for step in reversed(trace) if step.owner == "user")


def _once(things: Sequence[object]) -> list[object]:
    return list({id(thing): thing for thing in things}.values())


def ran_on(link: Link) -> asyncio.AbstractEventLoop | None:
    """Return the loop that the failing lines of *link* ran on, None if no frame tells."""
    return _runner(link.trace, None)[1]


def _runner(
    trace: Sequence[Step], fallback: asyncio.AbstractEventLoop | None
) -> tuple[int, asyncio.AbstractEventLoop | None]:
    """Return the index after the innermost runner's frame, and the loop that it ran."""
    start, loop = 0, fallback
    for index, step in enumerate(trace):
        if _runs(step) and not _refused(trace, index):
            runs = step.frame.f_locals.get("self")
            if objects.is_loop(runs):
                start, loop = index + 1, runs
        elif step.module in CROSSING and step.frame.f_code.co_name.endswith("get_result"):
            loop = None  # what follows ran in another thread, on a loop that no frame names
        elif (step.module, step.frame.f_code.co_name) == PORTAL:  # Starlette's TestClient has one
            start, loop = index + 1, _of_portal(step.frame.f_locals.get("self"))
    return start, loop


def _of_portal(portal: object) -> asyncio.AbstractEventLoop | None:
    loop = objects.peek(objects.peek(portal, "_token"), "native_token")  # anyio 4.11+
    loop = loop or objects.peek(portal, "_loop")
    return loop if objects.is_loop(loop) else None


def _runs(step: Step) -> bool:
    return step.frame.f_code.co_name in RUNS and step.module.startswith("asyncio.")


def _refused(trace: Sequence[Step], index: int) -> bool:
    """Return whether the loop of the frame at *index* never began to run."""
    for step in trace[index + 1 :]:
        name = step.frame.f_code.co_name
        if not step.module.startswith("asyncio.") or name not in STARTING:
            return name in CHECKS
    return False


def _deepest_user(trace: Sequence[Step]) -> int:
    return max((i for i, step in enumerate(trace) if step.owner == "user"), default=-1)


def _self(step: Step) -> object | None:
    code = step.frame.f_code
    if not code.co_argcount or step.owner != "library":
        return None
    thing = step.frame.f_locals.get(code.co_varnames[0])
    return None if objects.is_loop(thing) or objects.is_a(thing, type) else thing


def _held(step: Step) -> Iterator[object]:
    """Yield what a library frame works on: its `self`; in asyncio's own all futures too."""
    if (own := _self(step)) is not None:
        yield own
    if step.owner == "library" and step.module.startswith("asyncio."):
        for value in list(step.frame.f_locals.values()):
            if objects.is_a(value, asyncio.Future):
                yield value


def _refused_by_a_task(error: BaseException) -> bool:
    """Return whether a task was to wait for a future that is not of its own loop."""
    args = BaseException.__dict__["args"].__get__(error)  # a class of the user's may have its own
    said = args[:1] if objects.is_a(error, RuntimeError) else ()
    return any(type(one) is str and one.endswith(" attached to a different loop") for one in said)


def _handed_to(
    callers: Sequence[Step], loop: asyncio.AbstractEventLoop | None
) -> asyncio.AbstractEventLoop | None:
    """Return the one loop beside *loop* that the lines of *callers* name.

    `asyncio.wrap_future` hands an error over from another thread without a frame of its own.
    """
    found: dict[int, asyncio.AbstractEventLoop] = {}
    for value in (value for step in callers for value in _named(step)):
        for path, thing, _ in objects.walk(value):
            if len(path) > NEAR:
                break
            if objects.is_loop(thing) and thing is not loop:
                found[id(thing)] = thing
    return next(iter(found.values())) if len(found) == 1 else None


def _of_one_loop(
    found: Iterator[tuple[object, asyncio.AbstractEventLoop]],
) -> list[tuple[object, asyncio.AbstractEventLoop]]:
    all_of_them = list(found)
    return all_of_them if len({id(loop) for _, loop in all_of_them}) == 1 else []


def _awaited(
    step: Step, used_on: asyncio.AbstractEventLoop | None
) -> Iterator[tuple[object, asyncio.AbstractEventLoop]]:
    """Yield futures of another loop that the failing line of the user's awaits itself."""
    code = step.frame.f_code
    if source.step_at(code.co_filename, step.line, step.span) != "await":
        return
    for value in _named(step):
        for path, thing, _ in objects.walk(value):
            if len(path) > NEAR:
                break
            loop = objects.bound_loop(thing) if objects.is_a(thing, asyncio.Future) else None
            if loop is not None and loop is not used_on:
                yield thing, loop
