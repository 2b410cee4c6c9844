"""What hangs in a kernel and how it is ended: test runs in threads, and the main shell's cell.

A test run is found by its frames: on 3.11 an interrupted `join` makes `Thread.is_alive` lie.
"""

import asyncio
import io
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from time import monotonic
from types import FrameType
from typing import Any, Literal

from loopcheck.facts.labels import Labels, plain
from loopcheck.facts.probes import source
from loopcheck.facts.records import Place
from loopcheck.facts.watch import endings, interrupts

Task = asyncio.Task[object]
# The strongest way that was needed. "goes on": it catches all; "held": it is within one call.
How = Literal["cancelled", "thrown", "trapped", "raised", "interrupted", "held", "goes on"]
WAYS: tuple[How, ...] = ("cancelled", "thrown", "trapped", "raised")
PATIENCE = 0.3  # seconds for each way before the next is tried
IN_ALL = 3.0
LOOK_AGAIN = 0.01
DEEPEST = 100  # awaits followed
STOPPED = "stopped by loopcheck"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """What hung, where, and what it took to end it."""

    what: str  # "test_hang", "the cell"
    how: How
    place: Place | None = None


@dataclass(slots=True, eq=False)
class TestRun:
    """A pytest that runs in a thread of its own. Lives only while it is being ended."""

    __test__ = False

    thread: int
    outer: FrameType  # of pytest's main(): idents come back, frames do not

    def frames(self) -> list[FrameType]:
        """Return its frames, innermost first; none when it has ended."""
        found = list(_back(sys._current_frames().get(self.thread)))
        return found if self.outer in found else []

    def gone(self) -> bool:
        return not self.frames()

    def local(self, name: str, kind: str) -> Any:
        """Return the innermost local *name* of pytest's frames whose type is called *kind*."""
        for frame in self.frames():
            if _module(frame).startswith("_pytest."):
                value = frame.f_locals.get(name)
                if kind in [base.__name__ for base in type(value).__mro__]:
                    return value
        return None

    def root(self) -> "asyncio.Future[object] | None":
        """Return what its loop runs until it is done: a test, a fixture, a cleaning up."""
        for frame in self.frames():
            if frame.f_code.co_name == "run_until_complete":
                future = frame.f_locals.get("future")
                if isinstance(future, asyncio.Future) and not future.done():
                    return future
        return None

    def users(self) -> FrameType | None:
        """Return the innermost frame of the user's."""
        return next(filter(_users, self.frames()), None)

    def name(self) -> str:
        item = self.local("item", "Item")
        return plain(str(item.name)) if item is not None else "a test run"


def test_runs() -> list[TestRun]:
    """Return the test runs in other threads than this and the main one."""
    here = {threading.get_ident(), threading.main_thread().ident}
    found = []
    for thread, frame in sys._current_frames().items():
        mains = [one for one in _back(frame) if _is(one, "_pytest.config", "main")]
        if mains and thread not in here:
            found.append(TestRun(thread, mains[-1]))
    return found


def abandoned() -> list[TestRun]:
    """Return the test runs that no `%%ipytest` waits for and that were not stopped before."""
    frames = [one for frame in sys._current_frames().values() for one in _back(frame)]
    joins = [one for one in frames if _is(one, "ipytest._impl", "run_func_in_thread")]
    waited_for = {getattr(one.f_locals.get("t"), "ident", None) for one in joins}
    return [
        run
        for run in test_runs()
        if run.thread not in waited_for
        and getattr(run.local("session", "Session"), "shouldstop", None) != STOPPED
    ]


def end_test_run(run: TestRun, labels: Labels) -> Ended:
    """End *run*; where that can't be, take from it what the next cells need."""
    what, place = run.name(), _place(run.frames(), run.root(), labels)
    session = run.local("session", "Session")
    if session is not None:
        session.shouldstop = STOPPED  # else its next tests would run
    how = _end_all_of(run)
    if how is None:
        # Its loop is not stopped: a coroutine that catches everything would do so in the
        # garbage collector too, and go round there for ever.
        root = run.root()
        how = "goes on" if root is not None and _answers(root.get_loop()) else "held"
        take_away(run)
    return Ended(what=what, how=how, place=place)


def _end_all_of(run: TestRun) -> How | None:
    """End the test, then what hangs in its teardown, until the run is over; None: it goes on."""
    strongest: How = "cancelled"
    end = monotonic() + IN_ALL
    while monotonic() < end:
        way = _end_next(run)
        if way is None:
            return None
        strongest = max(strongest, way, key=WAYS.index)
        if run.gone():
            return strongest
    return None


def _end_next(run: TestRun) -> How | None:
    """End what the run is at now, and return the way that worked."""
    root, plain_code = run.root(), run.users()
    if isinstance(root, asyncio.Task):
        return _end_task(root, lambda: endings.raise_in(run.thread))
    if _until(lambda: run.gone() or run.root() is not root, PATIENCE):
        return "cancelled"
    if root is not None or plain_code is None or run.users() is not plain_code:
        return "cancelled"  # pytest itself is at work: it is given time
    endings.raise_in(run.thread)  # where it waits in C, the error comes when it returns
    over = _until(lambda: run.users() is not plain_code, PATIENCE)
    return "raised" if over else None


def end_main_cell(labels: Labels) -> Ended | None:
    """End what holds up the main shell, seen from a subshell; None if nothing does."""
    main, loop = threading.main_thread(), interrupts.kernel_loop()
    if loop is None or threading.current_thread() is main:
        return None
    frames = list(_back(sys._current_frames().get(main.ident or 0)))
    task = _cell_task(loop)
    place = _place(frames, task, labels)
    how: How | None
    if task is not None:
        how = _end_task(task, interrupts.raise_in_main)
    elif (cell := _plain_cell(frames)) is not None:
        interrupts.press_stop()
        over = lambda: cell not in _back(sys._current_frames().get(main.ident or 0))  # noqa: E731
        how = "interrupted" if _until(over, PATIENCE * 2) else None
    elif not _answers(loop):
        return _end_hold_up(loop, place)
    else:
        return None
    return Ended(what="the cell", how=how or "goes on", place=place)


def _end_hold_up(loop: asyncio.AbstractEventLoop, place: Place | None) -> Ended:
    """End a task that a cell left behind and that lets no cell begin."""
    interrupts.raise_in_main()
    return Ended(what="a task", how="raised" if _answers(loop) else "goes on", place=place)


def _end_task(task: Task, raise_in_thread: Callable[[], None]) -> How | None:
    """End *task* the gentlest way that works, from another thread; None if none does."""
    ways: tuple[tuple[How, Callable[[], object]], ...] = (
        ("cancelled", task.cancel),
        ("thrown", lambda: endings.throw(task)),
        ("trapped", lambda: endings.trap(task)),
    )
    for how, act in ways:
        answered = _on_loop(task.get_loop(), act)
        if _until(task.done, PATIENCE):
            return how
        if not answered.is_set():
            return _raise(task, raise_in_thread)  # what we ask of the loop would come too late
    return None


def _raise(task: Task, raise_in_thread: Callable[[], None]) -> How | None:
    end = monotonic() + PATIENCE
    while monotonic() < end:
        raise_in_thread()
        if _until(task.done, PATIENCE / 10):
            return "raised"
    return None


def take_away(run: TestRun) -> None:
    """Give stdout back, and the next `%%ipytest` a module name of its own."""
    config = run.local("config", "Config")
    capture = config.pluginmanager.getplugin("capturemanager") if config is not None else None
    with suppress(Exception):  # another pytest's inside: whatever it lacks, the rest still helps
        if capture is not None:
            capture.stop_global_capturing()
    with suppress(Exception):  # its late report belongs to no cell
        config.get_terminal_writer()._file = io.StringIO()
    impl = sys.modules.get("ipytest._impl")
    named = getattr(impl, "random_module_path", None)
    with suppress(AttributeError):
        del named._filename  # type: ignore[union-attr]


def _cell_task(loop: asyncio.AbstractEventLoop) -> Task | None:
    """Return the one task that is a cell's own: ending those that wait for it ends the kernel."""
    for task in asyncio.all_tasks(loop):
        code = getattr(asyncio.Task.get_coro(task), "cr_code", None)
        if code is not None and code.co_name == "run_cell_async":
            return task
    return None


def _plain_cell(frames: list[FrameType]) -> FrameType | None:
    cells = [one for one in frames if _is(one, "IPython.core.interactiveshell", "run_code")]
    return cells[-1] if cells else None


def _answers(loop: asyncio.AbstractEventLoop) -> bool:
    return _on_loop(loop, lambda: None).wait(PATIENCE)


def _on_loop(loop: asyncio.AbstractEventLoop, act: Callable[[], object]) -> threading.Event:
    """Let *loop* run *act*, and return what is set when it did."""
    did = threading.Event()

    def run() -> None:
        try:
            act()
        finally:
            did.set()

    with suppress(RuntimeError):  # closed by now
        loop.call_soon_threadsafe(run)
    return did


def _until(true: Callable[[], bool], seconds: float) -> bool:
    """Return whether *true* comes true in time. Threads give no sign when they end: look."""
    pause, end = threading.Event(), monotonic() + seconds
    while not (now := true()) and monotonic() < end:
        pause.wait(LOOK_AGAIN)
    return now


def _place(frames: list[FrameType], task: object, labels: Labels) -> Place | None:
    """Return the user's line that hangs: where the thread is, else where the task waits."""
    inner: Iterator[FrameType] = iter(frames)
    if isinstance(task, asyncio.Task) and not any(_users(one) for one in frames[: _step(frames)]):
        inner = iter([*_awaits(task)][::-1])
    for frame in inner:
        if _users(frame):
            code = frame.f_code
            return Place(labels.file(code.co_filename), frame.f_lineno, code.co_name)
    return None


def _step(frames: list[FrameType]) -> int:
    """Return the index of the frame in which a loop runs a callback."""
    steps = (i for i, one in enumerate(frames) if _is(one, "asyncio.events", "_run"))
    return next(steps, 0)


def _awaits(task: Task) -> Iterator[FrameType]:
    """Yield the frames of the coroutines that *task* waits in, outermost first."""
    inner: object = asyncio.Task.get_coro(task)
    for _ in range(DEEPEST):
        if isinstance(inner, asyncio.Task):
            inner = asyncio.Task.get_coro(inner)
        frame = getattr(inner, "cr_frame", None)
        if frame is None:
            return
        yield frame
        inner = getattr(inner, "cr_await", None)


def _users(frame: FrameType) -> bool:
    return source.owner(frame.f_code.co_filename, _module(frame)) == "user"


def _is(frame: FrameType, module: str, name: str) -> bool:
    return frame.f_code.co_name == name and _module(frame) == module


def _module(frame: FrameType) -> str:
    return str(frame.f_globals.get("__name__", ""))


def _back(frame: FrameType | None) -> Iterator[FrameType]:
    while frame is not None:
        yield frame
        frame = frame.f_back
