"""What the interpreter waits for at its exit: threads, processes, or an exit callback."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator
from types import CodeType, FrameType
from typing import Any, Literal, Protocol

from loopcheck.labels import Labels
from loopcheck.light import dataclass, replace
from loopcheck.process import objects, thread_stacks
from loopcheck.records import ExitHolder, Place
from loopcheck.source import shown_lines

CHILDREN = "multiprocessing.process"
EXECUTOR = "concurrent.futures.thread"
SHUTDOWN = ("threading", "_shutdown")
JOIN = ("threading", "join")
JOINS = ("multiprocessing.util", "_exit_function")

Where = tuple[object, str]
Kind = Literal["thread", "job", "process", "callback"]


class Starts(Protocol):
    """What was seen of the start of threads and processes."""

    def test_of(self, thing: object, /) -> str | None:
        """Return the test that ran as *thing* began."""

    def line_of(self, process: object, /) -> tuple[CodeType, int] | None:
        """Return the line that started *process*."""


def read_holders(starts: Starts, labels: Labels) -> tuple[ExitHolder, ...]:
    """Return what holds the process."""
    return tuple(_Reader(starts, labels).read())


def waits_for_threads() -> bool:
    """True if the main thread has not begun with the exit callbacks."""
    stack = thread_stacks.of(threading.main_thread().ident)
    return bool(stack) and _where(stack[-1]) == SHUTDOWN


def children() -> list[Any]:
    """Return the processes that `multiprocessing` has begun and not joined."""
    found = getattr(sys.modules.get(CHILDREN), "_children", ())
    return list(found) if found else []


@dataclass(eq=False)
class _Reader:
    starts: Starts
    labels: Labels

    def read(self) -> Iterator[ExitHolder]:
        main, stacks = threading.main_thread(), thread_stacks.threads()
        outer = stacks.get(main.ident or 0, [])
        if outer and _where(outer[-1]) != SHUTDOWN:
            yield from self._at_exit(outer)
            return
        for thread in threading.enumerate():
            if thread is not main and objects.peek(thread, "_daemonic") is False:
                yield from self._thread(thread, stacks.get(thread.ident or 0, []))

    def _at_exit(self, stack: list[FrameType]) -> Iterator[ExitHolder]:
        """Yield the processes that multiprocessing waits for, else the callback that runs."""
        if JOINS not in map(_where, stack):
            yield self._placed("callback", stack[-1].f_code.co_qualname, stack)
            return
        for child in children():
            config: Any = objects.peek(child, "_config")
            if not config.get("daemon"):
                name, test = f"{objects.peek(child, '_name')}", self.starts.test_of(child)
                holder = ExitHolder(kind="process", name=name, test=test)
                line = self.starts.line_of(child)
                yield self._at(holder, *line) if line is not None else holder

    def _thread(self, thread: threading.Thread, stack: list[FrameType]) -> Iterator[ExitHolder]:
        places = [*map(_where, stack)]
        if (EXECUTOR, "shutdown") in places and JOIN in places:
            return  # it ends with the jobs, and those are named
        test = self.starts.test_of(thread)
        if (EXECUTOR, "_worker") not in places:
            yield self._placed("thread", f"{objects.peek(thread, '_name')}", stack, test)
        elif (EXECUTOR, "run") in places[1:]:  # else it has no job, and ends by itself
            job = stack[places.index((EXECUTOR, "run")) - 1]
            yield self._placed("job", job.f_code.co_qualname, stack, test)

    def _placed(
        self, kind: Kind, name: str, stack: list[FrameType], test: str | None = None
    ) -> ExitHolder:
        """Return the holder with the project's line that it is in, else the innermost."""
        holder = ExitHolder(kind=kind, name=name, test=test)
        if not stack:
            return holder
        frame = thread_stacks.users_innermost(stack) or stack[0]
        return self._at(holder, frame.f_code, frame.f_lineno or 0)

    def _at(self, holder: ExitHolder, code: CodeType, line: int) -> ExitHolder:
        place = Place(self.labels.file(code.co_filename), line, code.co_name)
        source = shown_lines.read_shown_line(code.co_filename, line)
        return replace(holder, at=place, source=source)


def _where(frame: FrameType) -> Where:
    return frame.f_globals.get("__name__"), frame.f_code.co_name
