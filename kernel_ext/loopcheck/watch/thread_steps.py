"""What the frames of a thread show: the step of a loop that it waits in, and the user's line."""

from __future__ import annotations

import sys
import weakref
from collections.abc import Sequence
from types import CodeType, FrameType
from typing import TYPE_CHECKING, Any, NamedTuple

from loopcheck.process import thread_stacks
from loopcheck.process.frames import is_at, line_at, module_of
from loopcheck.source import project_files
from loopcheck.watch.processors import Ran

if TYPE_CHECKING:
    from loopcheck.records import Phase

DEEPEST = 500  # frames
TURN = "_run_once"  # Python's loops: below it is a step, or the wait for the next one
ASYNCHRONOUS = 0x80 | 0x200  # CO_COROUTINE, CO_ASYNC_GENERATOR
# A wait there does not block the loop, or is not in user code: imports, debuggers, asyncio itself.
NOT_BLOCKED = frozenset(
    {
        *("asyncio", "importlib", "zipimport", "pdb", "bdb", "cmd", "ipdb", "pudb"),
        *("IPython", "debugpy", "pydevd", "_pydevd_bundle", "loopcheck"),
    }
)
NOT_BLOCKED_THERE = ("_pytest.assertion", "_pytest.debugging", "_pytest.capture")
# A wait there is for this process's own threads; while those compute, nothing is blocked.
INSIDE = frozenset({"threading", "queue", "concurrent"})
RUNNERS = ("asyncio.runners", "pytest_asyncio.plugin", "anyio._backends._asyncio")
PHASES: dict[str, Phase] = {
    "pytest_runtest_setup": "setup",
    "pytest_runtest_call": "call",
    "pytest_runtest_teardown": "teardown",
}


class Line(NamedTuple):
    """Where user code waits."""

    code: CodeType
    instruction: int
    number: int
    module: str
    called: str | None  # a library's function: "requests.api.get"; a call into C has no frame


class Copy(NamedTuple):
    """What a frame runs, and where. It keeps nothing alive that the frame holds."""

    code: CodeType
    instruction: int
    number: int
    module: str

    @property
    def asynchronous(self) -> bool:
        return bool(self.code.co_flags & ASYNCHRONOUS)


class Handled(NamedTuple):
    """The step that a loop is in, as its own frames show it."""

    number: int  # of the handle
    handle: weakref.ref[Any]
    loop: weakref.ref[Any] | None
    turn: float | None


class Step:
    """The step that a thread waits in. It keeps no object of the step alive."""

    __slots__ = ("handle", "inside", "key", "line", "loop", "turn")

    def __init__(
        self,
        key: tuple[object, ...],
        handle: weakref.ref[Any] | None,
        loop: weakref.ref[Any] | None,
        turn: float | None,  # when the loop's iteration began, on the loop's clock
        line: Line,
        inside: bool,
    ) -> None:
        self.key, self.handle, self.loop, self.turn = key, handle, loop, turn
        self.line, self.inside = line, inside


def import_beside(ident: int) -> bool:
    """Return whether another thread is importing a module: that happens only once."""
    others = (one for one in thread_stacks.idents() if one != ident)
    frames = (frame for one in others for frame in thread_stacks.of(one))
    return any(module_of(frame) == "importlib._bootstrap" for frame in frames)


def unmoved(step: Step, ran: Ran | None) -> Step | None:
    """Return *step* of a loop that is not Python's: it is the same while its thread did not run."""
    if ran is None:
        return None
    return Step((*step.key, ran.times), None, None, None, step.line, step.inside)


def same(before: Step | None, now: Step) -> bool:
    """Return whether a loop is still in the same step as *before*."""
    if before is None or before.key != now.key:
        return False
    return now.handle is None or (before.handle is not None and before.handle() is not None)


def standing(frames: list[FrameType]) -> Step | None:
    """Return the step of a loop that waits in a line of user code, from the innermost frame on.

    It takes *frames* and lets go of them before it reads a file: the thread may run on meanwhile,
    and what a test leaves must be gone when the test's frames are.
    """
    stack, handled = _copied(frames)
    frames.clear()
    user: Copy | None = None
    below: Copy | None = None
    coroutine = inside = False
    for copy in stack:
        if user is None and project_files.owner(copy.code.co_filename, copy.module) == "user":
            user = copy
        elif user is None and _passes_through(copy):
            continue
        elif user is None:
            if _not_blocked(copy):
                return None
            inside = inside or copy.module.partition(".")[0] in INSIDE
            below = copy
        if copy.asynchronous:
            coroutine = True
        elif coroutine and "uvloop" in sys.modules and copy.module in RUNNERS:
            return _uvloops(stack[0], user, below, inside)
    if handled is None or user is None:
        return None  # the loop itself waits, for readable input or a timer
    line = _line(user, below)
    return Step(
        (handled.number, handled.turn), handled.handle, handled.loop, handled.turn, line, inside
    )


def _copied(frames: Sequence[FrameType]) -> tuple[list[Copy], Handled | None]:
    """Return what *frames* run up to the step of a loop, and that step."""
    found: list[Copy] = []
    for depth, frame in enumerate(frames):
        if frame.f_code.co_name == TURN or depth > DEEPEST:
            break
        if is_at(frame, "asyncio.events", "_run"):
            return found, _handled(frames[depth : depth + 2])
        found.append(Copy(frame.f_code, frame.f_lasti, line_at(frame), module_of(frame)))
    return found, None


def _handled(frames: Sequence[FrameType]) -> Handled | None:
    handle = thread_stacks.locals_of(frames[0]).get("self")
    if handle is None:
        return None
    turn = _turn(frames[1]) if len(frames) > 1 else None
    loop = getattr(handle, "_loop", None)
    ref = weakref.ref(loop) if loop is not None else None
    return Handled(id(handle), weakref.ref(handle), ref, turn)


def _passes_through(copy: Copy) -> bool:
    """Return whether it is one of our hooks, which passes on a call from user code."""
    return copy.code.co_name == "ours" and copy.module.startswith("loopcheck.watch.")


def _not_blocked(copy: Copy) -> bool:
    return (
        copy.module.partition(".")[0] in NOT_BLOCKED
        or copy.module.startswith(NOT_BLOCKED_THERE)
        # It waits for the system to let the new thread begin: long on a busy machine.
        or (copy.module, copy.code.co_name) == ("threading", "start")
        # A library's own coroutine: user code awaited it, as it should.
        or copy.asynchronous
    )


def _turn(frame: FrameType) -> float | None:
    """Return when the loop's iteration began: `_run_once` has stored it."""
    if not is_at(frame, "asyncio.base_events", "_run_once"):
        return None
    began = thread_stacks.locals_of(frame).get("end_time")
    return began if type(began) is float else None


def _uvloops(leaf: Copy, user: Copy | None, below: Copy | None, inside: bool) -> Step | None:
    """Return the step of a loop whose own frames are invisible."""
    if user is None:
        return None
    line = _line(user, below)
    return Step((id(leaf.code), leaf.instruction, line), None, None, None, line, inside)


def _line(user: Copy, below: Copy | None) -> Line:
    called = f"{below.module}.{below.code.co_qualname}" if below is not None else None
    return Line(user.code, user.instruction, user.number, user.module, called)


def phase_of(ident: int) -> Phase | None:
    """Return the phase of the test that the thread *ident* is in, None outside a test."""
    for frame in thread_stacks.of(ident):
        if frame.f_code.co_name in PHASES and module_of(frame) == "_pytest.runner":
            return PHASES[frame.f_code.co_name]
    return None
