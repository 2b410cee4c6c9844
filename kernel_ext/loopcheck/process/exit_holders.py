"""What the interpreter waits for at its exit: threads, processes, or an exit callback."""

from __future__ import annotations

import itertools
import re
import sys
import threading
from collections.abc import Iterator, Sequence
from types import CodeType, FrameType
from typing import Any, Literal, Protocol

from loopcheck.labels import Labels
from loopcheck.light import dataclass, replace
from loopcheck.process import objects, thread_stacks
from loopcheck.process.frames import line_at, module_of
from loopcheck.records import ExitHolder, Place
from loopcheck.source.values import object_owners

CHILDREN = "multiprocessing.process"
EXECUTOR = "concurrent.futures.thread"
PROCESSES = "concurrent.futures.process"
SHUTDOWN = ("threading", "_shutdown")
JOIN = ("threading", "join")
JOINS = ("multiprocessing.util", "_exit_function")
LOOP = ("asyncio.base_events", "run_forever")
RUN = ("asyncio.base_events", "run_until_complete")
QUEUE = ("queue", "get")
DEFAULT_NAME = re.compile(r"(?:Thread|[A-Za-z]*Process)-\d+(?::\d+)*(?: \(.*\))?")

OWN = ("self", "super()")  # the instance, in its own methods

Where = tuple[object, str]
Line = tuple[CodeType, int]
Lines = Sequence[Line]
Kind = Literal["thread", "job", "process", "callback"]
Activity = Literal["coroutine", "loop", "timer", "queue", "process"]


class Start(Protocol):
    """What was noted as a thread or process was started."""

    @property
    def lines(self) -> Lines:
        """The project's lines that led to it, innermost first."""

    @property
    def direct(self) -> bool:
        """True if a line of the project starts it, and no library's."""

    @property
    def runs(self) -> str | None:
        """The name of the function that it was given."""


class Starts(Protocol):
    """What was seen of the start of threads and processes."""

    def test_of(self, thing: object, /) -> str | None:
        """Return the test that ran as *thing* began."""

    def start_of(self, thing: object, /) -> Start | None:
        """Return what was noted as *thing* was started."""


def read_holders(starts: Starts, labels: Labels) -> tuple[ExitHolder, ...]:
    """Return what holds the process."""
    return tuple(_Reader(starts, labels).read())


def waits_for_threads() -> bool:
    """True if the main thread has not begun with the exit callbacks."""
    return SHUTDOWN in map(_where, thread_stacks.of(threading.main_thread().ident))


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
        if outer and SHUTDOWN not in map(_where, outer):
            yield from self._at_exit(outer)
            return
        for thread in threading.enumerate():
            if thread is not main and objects.peek(thread, "_daemonic") is False:
                yield from self._thread(thread, stacks.get(thread.ident or 0, []))

    def _at_exit(self, stack: list[FrameType]) -> Iterator[ExitHolder]:
        """Yield the processes that multiprocessing waits for, else the callback that runs."""
        if JOINS not in map(_where, stack):
            name = stack[-1].f_code.co_qualname
            yield ExitHolder(kind="callback", name=name, at=self._innermost(stack))
            return
        for child in children():
            config: Any = objects.peek(child, "_config")
            if not config.get("daemon"):
                found = ExitHolder(kind="process", name=self._name_of(child))
                yield self._started(found, child)

    def _thread(self, thread: threading.Thread, stack: list[FrameType]) -> Iterator[ExitHolder]:
        places = [*map(_where, stack)]
        if (EXECUTOR, "shutdown") in places and JOIN in places:
            return  # it ends with the jobs, and those are named
        kind: Kind = "thread"
        activity: Activity | None = None
        if (EXECUTOR, "_worker") in places:
            if (EXECUTOR, "run") not in places:
                return  # it has no job, and ends by itself
            kind, name = "job", _job_of(stack, places.index((EXECUTOR, "run")))
        elif (PROCESSES, "run") in places:
            kind, name, activity = "job", _job_elsewhere(thread), "process"
        elif (users := _outermost(stack)) and _is_librarys(type(thread)):
            kind, name = "job", users.f_code.co_qualname
        else:
            timer = objects.is_a(thread, threading.Timer)
            name = self._name_of(thread)
            known = (
                ("coroutine", RUN in places),
                ("loop", LOOP in places),
                ("timer", timer),
                ("queue", QUEUE in places),
            )
            activity = next((one for one, is_so in known if is_so), None)  # type: ignore[misc]
        found = ExitHolder(kind=kind, name=name, at=self._innermost(stack), activity=activity)
        yield self._started(found, thread)

    def _name_of(self, thing: object) -> str:
        """Return the name that the project gave a thread or process, else that of what it runs."""
        name = f"{objects.peek(thing, '_name')}"
        if not DEFAULT_NAME.fullmatch(name):
            return name
        runs = getattr(objects.peek(thing, "function"), "__qualname__", None)  # of a timer
        kind = objects.type_name(thing).rpartition(".")[2]
        start = self.starts.start_of(thing)
        return (start.runs if start is not None else None) or runs or kind

    def _started(self, holder: ExitHolder, thing: object) -> ExitHolder:
        """Return *holder* with its test, the line that starts it, and whose call should end it."""
        start = self.starts.start_of(thing)
        if start is None:
            return replace(holder, test=self.starts.test_of(thing))
        owned, closer = _owner(start.lines)
        return replace(
            holder,
            test=self.starts.test_of(thing),
            started_at=self._place(*start.lines[0]),
            by_library=not start.direct,
            owned_at=self._place(*owned) if owned is not None else None,
            closer=closer,
        )

    def _innermost(self, stack: list[FrameType]) -> Place | None:
        """Return the project's line that a thread is in, if it is in one."""
        frame = thread_stacks.users_innermost(stack)
        return self._place(frame.f_code, line_at(frame)) if frame is not None else None

    def _place(self, code: CodeType, line: int) -> Place:
        return Place(self.labels.file(code.co_filename), line, code.co_name)


def _owner(lines: Lines) -> tuple[Line | None, str | None]:
    """Return the line whose function has the instance that starts it, and the call that ends it.

    A method of the same instance may lead to the start: `super().__init__()`, `self.start()`.
    """
    owned, closer, ends = None, None, None
    for inner, outer in itertools.pairwise(lines):
        ends = object_owners.closer_of_instance(inner[0]) or ends
        if ends is None:
            break
        name = object_owners.holder_at(outer[0].co_filename, outer[1], inner[0].co_name)
        owned, closer = outer, ends.format(name or "…")
        if name not in OWN:
            break
    return owned, closer


def _outermost(stack: list[FrameType]) -> FrameType | None:
    return thread_stacks.users_innermost(reversed(stack))


def _is_librarys(kind: type) -> bool:
    """True for a thread of a library's own class: its pool runs functions of the project."""
    return objects.module_of(kind) != "threading" and objects.users_class(kind) is None


def _job_of(stack: list[FrameType], at: int) -> str:
    """Return what a thread of an executor runs: the frame above its own, if it is Python's."""
    if at:
        return stack[at - 1].f_code.co_qualname
    item = thread_stacks.locals_of(stack[at]).get("self")
    return getattr(objects.peek(item, "fn"), "__qualname__", "a job")


def _job_elsewhere(thread: object) -> str:
    """Return what a process of an executor runs, if it has only one job."""
    jobs: Any = objects.peek(thread, "pending_work_items") or {}
    names = {getattr(objects.peek(one, "fn"), "__qualname__", "a job") for one in jobs.values()}
    return names.pop() if len(names) == 1 else "a job"


def _where(frame: FrameType) -> Where:
    return module_of(frame), frame.f_code.co_name
