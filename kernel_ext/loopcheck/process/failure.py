"""A failure: the chain of its errors, the frames of each, and the loop that they ran on."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from types import FrameType, TracebackType
from typing import cast

from loopcheck.labels import Labels, plain
from loopcheck.light import dataclass
from loopcheck.process import objects
from loopcheck.process.errors import errors_at_hand
from loopcheck.process.frames import line_of, module_of
from loopcheck.process.loops import loop_checks
from loopcheck.records import ErrorRecord, FrameRecord, Place
from loopcheck.source import lines, parsed_files, project_files
from loopcheck.source.catching import cleanup_lines

CHAIN = 20  # most errors to follow
RUNS = frozenset({"run_until_complete", "run_forever"})
CHECKS = frozenset({"_check_closed", "_check_running"})  # these refuse to run a loop
STARTING = RUNS | {"_run_forever_setup"}
CROSSING = ("concurrent.futures._base", "concurrent.futures.thread")
PORTAL = ("anyio.from_thread", "_call_func")  # runs in the thread of anyio's portal


@dataclass(frozen=True, eq=False)
class Step:
    """One frame of a traceback. Lives only while loopcheck gathers evidence."""

    frame: FrameType
    line: int
    instruction: int  # the failing one; below 0: unknown

    @property
    def span(self) -> tuple[int, int, int] | None:
        """Line and columns of the failing instruction, if it is on one line."""
        line, end_line, start, stop = parsed_files.spot(self.frame.f_code, self.instruction)
        if line is None or start is None or stop is None or end_line != line:
            return None
        return line, start, stop

    @property
    def source(self) -> lines.Line:
        """The source line that failed."""
        return lines.of_code(self.frame.f_code, self.line, self.instruction)

    @property
    def module(self) -> str:
        return module_of(self.frame)

    def place(self, labels: Labels) -> Place:
        """Return its line, with the name of its function."""
        code = self.frame.f_code
        return Place(labels.file(code.co_filename), self.line, code.co_name)

    @property
    def owner(self) -> project_files.Owner:
        return project_files.owner(self.frame.f_code.co_filename, self.module)


@dataclass(frozen=True, eq=False)
class Link:
    """One error of a chain, with the frames from the test down to its raising line."""

    error: BaseException
    trace: tuple[Step, ...]
    given_up: tuple[BaseException, ...] = ()  # errors that its function had caught before it raised
    among: tuple[BaseException, ...] = ()  # results that the assertion is about, or kept by them

    @property
    def users(self) -> tuple[Step, ...]:
        """The frames of user code, innermost first."""
        return tuple(step for step in reversed(self.trace) if step.owner == "user")

    @property
    def user(self) -> Step | None:
        """The innermost frame of user code."""
        return next((step for step in reversed(self.trace) if step.owner == "user"), None)


def chain(
    error: BaseException, logged: Sequence[BaseException] = (), outer: tuple[Step, ...] = ()
) -> Iterator[Link]:
    """Yield *error*, then the errors behind it: groups, causes, contexts, errors of retries.

    *logged* are errors from the test's log, which doesn't show what they led to. *outer* are the
    frames above *error*, if its traceback does not include them.
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
        except Exception:  # a fault in reading its lines must not hide the error itself
            link = Link(now, trace)
        yield link
        if objects.is_a(now, BaseExceptionGroup):
            parts = cast("BaseExceptionGroup[BaseException]", now).exceptions
            todo += [(part, link.trace) for part in parts]
        todo += [(more, link.trace) for more in (*objects.behind(now), *link.given_up)]
        todo += [(more, ()) for more in link.among]


def _link(error: BaseException, trace: tuple[Step, ...], logged: Sequence[BaseException]) -> Link:
    last = trace[-1] if trace else None
    if last is None or last.owner != "user":
        return Link(error, trace)
    if type(error) is AssertionError:
        return Link(
            error,
            trace,
            among=(
                *errors_at_hand.among_results(last.frame, last.line),
                *errors_at_hand.beside_results(last.frame, last.line, logged),
            ),
        )
    if objects.behind(error):
        return Link(error, trace)
    return Link(error, trace, errors_at_hand.before(last.frame, last.line, last.span, logged))


def _steps(error: BaseException) -> tuple[Step, ...]:
    found = []
    trace: TracebackType | None = error.__traceback__
    while trace is not None:
        line = trace.tb_lineno or line_of(trace.tb_frame.f_code, trace.tb_lasti)
        found.append(Step(trace.tb_frame, line, trace.tb_lasti))
        trace = trace.tb_next
    return tuple(found)


def _joined(outer: tuple[Step, ...], inner: tuple[Step, ...]) -> tuple[Step, ...]:
    """Return *inner* from the test on: a caught error's frames begin where it was caught."""
    if not outer or not inner:
        return inner or outer
    for index, step in enumerate(outer):
        if step.frame is inner[0].frame:
            return (*outer[:index], *inner)
    start, _ = runner(outer, None)
    return (*outer[:start], *inner)


def read_error(link: Link, labels: Labels) -> ErrorRecord:
    """Return the error of *link* as a record: its type, its message, and whose code raised it."""
    error, trace = link.error, link.trace
    last = trace[-1] if trace else None
    users = last is not None and last.owner == "user"
    return ErrorRecord(
        type=objects.type_name(error),
        message=plain(objects.all_said(error)[:2_000]),
        module=last.module if last else "",
        function=last.frame.f_code.co_name if last else "",
        raised=parsed_files.step_at(last.frame.f_code.co_filename, last.line, last.span)
        if last is not None and users
        else "other",
        owner=last.owner if last else "library",
        frames=tuple(_frame(step, labels) for step in trace),
        two_loops=last is not None and _refuses_loop(last, link),
    )


def _refuses_loop(last: Step, link: Link) -> bool:
    """Return whether *last* raised the error of *link* because two loops are not the same."""
    _, here = runner(link.trace, None)
    return loop_checks.refused(last.frame, last.line, here) is not None


def _frame(step: Step, labels: Labels) -> FrameRecord:
    return FrameRecord(place=step.place(labels), module=step.module, owner=step.owner)


def passed_on(link: Link) -> bool:
    """Return whether the error of *link* was raised from the one behind it, not by chance."""
    if objects.is_a(link.error, BaseExceptionGroup) or link.error.__cause__ is not None:
        return True
    if hid_another(link):
        return True
    last = link.trace[-1] if link.trace else None
    if last is None or last.owner != "user":
        return False
    raises = parsed_files.step_at(last.frame.f_code.co_filename, last.line, last.span) == "raise"
    return (raises and _caught_by(last.frame, link.error.__context__)) or bool(link.among)


def hid_another(link: Link) -> bool:
    """Return whether the error of *link* arose while the one behind it was on its way out.

    A failed `finally` or clean-up hides what it cleans up after: no handler had dealt with that.
    `pytest.raises` has: it expects an error, and reports that this is not the one.
    """
    context = BaseException.__dict__["__context__"].__get__(link.error)
    last = link.trace[-1].module if link.trace else ""
    if context is None or last.partition(".")[0] == "_pytest":
        return False
    failed = {id(step.frame): step.line for step in _steps(context)}
    met = next((step for step in reversed(link.trace) if id(step.frame) in failed), None)
    if met is None:
        return False
    file = met.frame.f_code.co_filename
    return cleanup_lines.is_cleanup(file, failed[id(met.frame)], met.line)


def _caught_by(frame: FrameType, error: BaseException | None) -> bool:
    """Return whether *error* passed through *frame*: else a call in a handler failed by itself."""
    trace = error.__traceback__ if error is not None else None
    while trace is not None and trace.tb_frame is not frame:
        trace = trace.tb_next
    return error is None or trace is not None


def ran_on(link: Link) -> asyncio.AbstractEventLoop | None:
    """Return the loop that the failing lines of *link* ran on, None if no frame shows it."""
    return runner(link.trace, None)[1]


def runner(
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
            loop = None  # the rest ran in another thread, on a loop that no frame names
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
