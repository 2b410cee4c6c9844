"""pytest runs in threads of this process, and what they hold of it.

We find them by their frames: on 3.11 an interrupted `join` makes `Thread.is_alive` wrong.
"""

from __future__ import annotations

import asyncio
import io
import sys
import threading
from contextlib import suppress
from types import FrameType
from typing import Any

from loopcheck.labels import plain
from loopcheck.light import dataclass
from loopcheck.process import futures, thread_stacks
from loopcheck.process.frames import is_at, is_users, module_of

TRIES = 5  # if a coroutine is left while we walk, it has no outer frame any more
STOPPED = "stopped by loopcheck"


@dataclass(eq=False)
class TestRun:
    """A pytest run in its own thread. Lives only while it is being ended."""

    __test__ = False

    thread: int
    outer: FrameType  # of pytest's main(): thread ids are reused, frames are not

    def frames(self) -> list[FrameType]:
        """Return its frames, innermost first; none once it has ended."""
        for _ in range(TRIES):
            found = thread_stacks.of(self.thread)
            if self.outer in found:
                return found
        return []

    def gone(self) -> bool:
        return not self.frames()

    def local(self, name: str, kind: str) -> Any:
        """Return the innermost local *name* of pytest's frames whose type is called *kind*."""
        for frame in self.frames():
            if module_of(frame).startswith("_pytest."):
                value = thread_stacks.locals_of(frame).get(name)
                if kind in [base.__name__ for base in type(value).__mro__]:
                    return value
        return None

    def root(self) -> asyncio.Future[object] | None:
        """Return the future that its loop runs until done: a test, a fixture, a clean-up."""
        for frame in self.frames():
            if frame.f_code.co_name == "run_until_complete":
                future = thread_stacks.locals_of(frame).get("future")
                if futures.is_future(future) and not future.done():
                    return future
        return None

    def users(self) -> FrameType | None:
        """Return the innermost frame of user code."""
        return next(filter(is_users, self.frames()), None)

    def go_no_further(self) -> None:
        """Keep it from starting another test."""
        session = self.local("session", "Session")
        if session is not None:
            session.shouldstop = STOPPED

    def name(self) -> str:
        item = self.local("item", "Item")
        return plain(str(item.name)) if item is not None else "a test run"


def running() -> list[TestRun]:
    """Return the test runs in other threads than this and the main one."""
    here = {threading.get_ident(), threading.main_thread().ident}
    found = []
    for thread, frames in thread_stacks.threads().items():
        mains = [one for one in frames if is_at(one, "_pytest.config", "main")]
        if mains and thread not in here:
            found.append(TestRun(thread, mains[-1]))
    return found


def abandoned() -> list[TestRun]:
    """Return the test runs that no `%%ipytest` waits for and that were not stopped before."""
    frames = [one for frames in thread_stacks.threads().values() for one in frames]
    joins = [one for one in frames if is_at(one, "ipytest._impl", "run_func_in_thread")]
    waited_for = {getattr(thread_stacks.locals_of(one).get("t"), "ident", None) for one in joins}
    return [
        run
        for run in running()
        if run.thread not in waited_for
        and getattr(run.local("session", "Session"), "shouldstop", None) != STOPPED
    ]


def take_away(run: TestRun) -> None:
    """Restore stdout, and give the next `%%ipytest` its own module name."""
    config = run.local("config", "Config")
    capture = config.pluginmanager.getplugin("capturemanager") if config is not None else None
    with suppress(Exception):  # another version's internals may lack something
        if capture is not None:
            capture.stop_global_capturing()
    with suppress(Exception):  # its late report belongs to no cell
        config.get_terminal_writer()._file = io.StringIO()
    impl = sys.modules.get("ipytest._impl")
    named = getattr(impl, "random_module_path", None)
    with suppress(AttributeError):
        del named._filename  # type: ignore[union-attr]
