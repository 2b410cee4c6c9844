"""How to end what hangs in a kernel: test runs in threads, and the main shell's cell."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from types import FrameType
from typing import Literal

from loopcheck.clock import monotonic, until
from loopcheck.labels import Labels
from loopcheck.light import frozen
from loopcheck.process import futures, thread_stacks
from loopcheck.process.frames import is_at, is_users, line_at
from loopcheck.records import Place
from loopcheck.watch import interrupts
from loopcheck.watch.hang import ways_to_end
from loopcheck.watch.runs.pytest_runs import TestRun, take_away

Task = asyncio.Task[object]
# The strongest way that was needed. "goes on": it catches everything; "held": it is within one
# call.
How = Literal["cancelled", "thrown", "raised", "interrupted", "held", "goes on"]
WAYS: tuple[How, ...] = ("cancelled", "thrown", "raised")
PATIENCE = 0.4  # seconds for each way before the next is tried
IN_ALL = 3.0
REPORT = 10.0  # seconds for pytest to report what was ended, on a busy machine
DEEPEST = 100  # awaits to follow


@frozen
class Ended:
    """What hung, where, and what it took to end it."""

    what: str  # "test_hang", "the cell"
    how: How
    place: Place | None = None


class Raising:
    """Raises errors in a thread that does not yield to its loop."""

    def __init__(self, act: Callable[[], None], raised: Callable[[], int] | None = None) -> None:
        self.act, self.raised = act, raised  # how often, if that can be known

    def until(self, over: Callable[[], bool]) -> How | None:
        """Raise until it is *over*; None: errors were raised, and the thread goes on.

        On a busy machine the thread may get its first error late.
        """
        last, before = monotonic() + IN_ALL, self.raised() if self.raised else 0
        end: float | None = None
        while monotonic() < last:
            self.act()
            if until(over, PATIENCE / 10):
                return "raised"
            if end is None and (self.raised is None or self.raised() > before):
                end = monotonic() + PATIENCE
            if end is not None and monotonic() >= end:
                return None
        return None if end is not None else "held"


IN_MAIN = Raising(interrupts.raise_in_main, interrupts.raised_in_main)


def end_test_run(run: TestRun, labels: Labels) -> Ended:
    """End *run*; if that is impossible, take from it what the next cells need."""
    what, place = run.name(), _place(run.frames(), run.root(), labels)
    run.go_no_further()
    how = _end_all_of(run)
    if how is None:
        # We do not stop its loop: the garbage collector would then end a coroutine that catches
        # everything, and it could loop there for ever.
        root = run.root()
        how = "goes on" if root is not None and _answers(root.get_loop()) else "held"
    if not run.gone():
        take_away(run)
    return Ended(what=what, how=how, place=place)


def _end_all_of(run: TestRun) -> How | None:
    """End the test, then what hangs in its teardown, until the run is over; None: it continues."""
    strongest: How = "cancelled"
    end = monotonic() + IN_ALL
    while monotonic() < end:
        way = _end_next(run)
        if way is None:
            return None
        strongest = max(strongest, way, key=WAYS.index)
        if run.gone():
            return strongest
    if run.root() is not None or run.users() is not None:
        return None
    until(run.gone, REPORT)  # no user code hangs any more: pytest writes its report
    return strongest


def _end_next(run: TestRun) -> How | None:
    """End what the run is in now, and return the way that worked."""
    root, plain_code = run.root(), run.users()
    if futures.is_task(root):
        way = _end_task(root, Raising(lambda: ways_to_end.raise_in(run.thread)))
        if way == "raised":
            ways_to_end.raise_no_more(run.thread)
        return way
    if until(lambda: run.gone() or run.root() is not root, PATIENCE):
        return "cancelled"
    if root is not None or plain_code is None or run.users() is not plain_code:
        return "cancelled"  # pytest itself is running: give it time
    ways_to_end.raise_in(run.thread)  # if it waits in C, the error comes when the call returns
    over = until(lambda: run.users() is not plain_code, PATIENCE)
    return "raised" if over else None


def end_main_cell(labels: Labels, patience: float = 0.0) -> Ended | None:
    """End what blocks the main shell, as seen from a subshell; None if nothing does.

    *patience*: seconds that a cell has to end by itself, because what it waited for has ended.
    """
    loop = interrupts.kernel_loop()
    if loop is None or threading.current_thread() is threading.main_thread():
        return None
    until(lambda: _cell_task(loop) is None and _plain_cell() is None, patience)
    task = _cell_task(loop)
    place = _place(_main_frames(), task, labels)
    how: How | None
    if task is not None:
        how = _end_task(task, IN_MAIN)
    elif (cell := _plain_cell()) is not None:
        interrupts.press_stop()
        how = "interrupted" if until(lambda: _plain_cell() is not cell, PATIENCE * 2) else None
    elif not _answers(loop):
        return _end_hold_up(loop, place)
    else:
        return None
    return Ended(what="the cell", how=how or "goes on", place=place)


def _end_hold_up(loop: asyncio.AbstractEventLoop, place: Place | None) -> Ended:
    """End a task that a cell left behind and that keeps any cell from starting."""
    how = IN_MAIN.until(_on_loop(loop, lambda: None).is_set)
    return Ended(what="a task", how=how or "goes on", place=place)


def _end_task(task: Task, raising: Raising) -> How | None:
    """End *task* in the gentlest way that works, from another thread; None if none does."""
    ways: tuple[tuple[How, Callable[[], object]], ...] = (
        ("cancelled", task.cancel),
        ("thrown", lambda: ways_to_end.throw(task)),
    )
    for how, act in ways:
        answered = _on_loop(task.get_loop(), act)
        in_time = answered.wait(PATIENCE)
        if until(task.done, PATIENCE if in_time else 0.0):
            return how
        if not in_time:
            return raising.until(task.done)  # a request to the loop would come too late
    return None


def _cell_task(loop: asyncio.AbstractEventLoop) -> Task | None:
    """Return the task of a cell itself: ending the tasks that wait for it ends the kernel."""
    for task in asyncio.all_tasks(loop):
        code = getattr(futures.coroutine(task), "cr_code", None)
        if code is not None and code.co_name == "run_cell_async":
            return task
    return None


def _main_frames() -> list[FrameType]:
    return thread_stacks.of(threading.main_thread().ident)


def _plain_cell() -> FrameType | None:
    """Return the frame that runs a cell in the main thread, None if there is none."""
    cells = [
        one for one in _main_frames() if is_at(one, "IPython.core.interactiveshell", "run_code")
    ]
    return cells[-1] if cells else None


def _answers(loop: asyncio.AbstractEventLoop) -> bool:
    return _on_loop(loop, lambda: None).wait(PATIENCE)


def _on_loop(loop: asyncio.AbstractEventLoop, act: Callable[[], object]) -> threading.Event:
    """Let *loop* run *act*, and return an event that is set when it has."""
    did = threading.Event()

    def run() -> None:
        try:
            act()
        finally:
            did.set()

    with suppress(RuntimeError):  # closed by now
        loop.call_soon_threadsafe(run)
    return did


def _place(frames: list[FrameType], task: object, labels: Labels) -> Place | None:
    """Return the user's line that hangs: where the thread is, else where the task waits."""
    inner: Iterator[FrameType] = iter(frames)
    if futures.is_task(task) and not any(is_users(one) for one in frames[: _step(frames)]):
        inner = iter([*_awaits(task)][::-1])
    for frame in inner:
        if is_users(frame):
            code = frame.f_code
            return Place(labels.file(code.co_filename), line_at(frame), code.co_name)
    return None


def _step(frames: list[FrameType]) -> int:
    """Return the index of the frame in which a loop runs a callback."""
    steps = (i for i, one in enumerate(frames) if is_at(one, "asyncio.events", "_run"))
    return next(steps, 0)


def _awaits(task: Task) -> Iterator[FrameType]:
    """Yield the frames of the coroutines that *task* waits in, outermost first."""
    inner: object = futures.coroutine(task)
    for _ in range(DEEPEST):
        if futures.is_task(inner):
            inner = futures.coroutine(inner)
        frame = getattr(inner, "cr_frame", None)
        if frame is None:
            return
        yield frame
        inner = getattr(inner, "cr_await", None)
