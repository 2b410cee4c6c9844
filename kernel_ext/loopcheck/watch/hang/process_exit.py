"""A process that does not end after its tests: what holds it, and the end of it.

When the interpreter shuts down, it first waits for all threads that are no daemons. Then it calls
what was registered with `atexit`; `multiprocessing` waits for its processes there. A thread of ours
looks whether that takes long. It starts only when the shutdown begins, since a process may go on
for hours after a `pytest.main()`.
"""

from __future__ import annotations

import atexit
import os
import sys
import threading
import weakref
from collections.abc import Callable
from contextlib import suppress
from dataclasses import field
from itertools import islice
from pathlib import PurePath
from types import CodeType
from typing import TYPE_CHECKING, Any

from loopcheck.clock import monotonic
from loopcheck.labels import Labels
from loopcheck.light import dataclass
from loopcheck.process import thread_stacks
from loopcheck.process.frames import line_at
from loopcheck.source import project_files
from loopcheck.watch import hooks

if TYPE_CHECKING:  # imported when a process stays
    from loopcheck.records import ExitHolder

PATIENCE = 5.0  # seconds: few processes need one to exit
SHORTEST = 3.0  # seconds: with a smaller limit, too; on a busy machine an exit takes longer
RECENT = 60.0  # seconds: what exits later than that after its tests has done other work
FAREWELL = 5.0  # seconds for what else wants to be done at exit
NAME = "loopcheck exit"
CHILDREN = "multiprocessing.process"
CALLERS = 6  # lines of the project that led to the start of a thread or process
DEEPEST = 40  # frames to look through for them
# The threads that run, the newest last.
ACTIVE: dict[int, threading.Thread] = getattr(threading, "_active", {})
# 3.12 starts no thread any more once the shutdown has begun.
TOO_LATE = sys.version_info[:2] == (3, 12)

# By id: to hash a thread may call code of its class, which the project may have written.
Known = dict[int, tuple[Callable[[], object] | None, str]]
Line = tuple[CodeType, int]
Lines = tuple[Line, ...]  # innermost first


class _Ref(weakref.ref[Any]):
    """A weak reference that knows its place in a dict: it never calls a user's `__hash__`."""

    __slots__ = ("direct", "key", "lines", "runs")

    key: int
    lines: Lines
    direct: bool  # a line of the project starts it, and no library's
    runs: str | None  # the function that it was given; a process forgets that


@dataclass(eq=False)
class Starts:
    """The threads and processes of `multiprocessing` that began while each test ran."""

    threads: Known = field(default_factory=dict)
    children: Known = field(default_factory=dict)
    newest: Callable[[], object] = lambda: None
    lines: dict[int, _Ref] = field(default_factory=dict)
    undos: dict[type, Callable[[], None]] = field(default_factory=dict)  # of hooks that see starts

    def watch(self, kind: type) -> None:
        """Note the lines that start threads or processes of that *kind*."""
        if kind not in self.undos:
            self.undos[kind] = hooks.hooked(kind, "start", self.starting)

    def note(self, test: str) -> None:
        """Note what began since the last call: *test* ran. Each test pays 0.4 µs."""
        try:
            for newest in reversed(ACTIVE.values()):
                if newest is not self.newest():
                    self.newest = weakref.ref(newest)
                    self.threads = _with(self.threads, list(ACTIVE.values()), test)
                break
        except RuntimeError:  # a thread begins or ends meanwhile
            pass
        if (module := sys.modules.get(CHILDREN)) is not None:
            self.watch(module.BaseProcess)
            if found := getattr(module, "_children", None):
                self.children = _with(self.children, list(found), test)

    def end(self) -> None:
        """Leave the classes as they were."""
        while self.undos:
            self.undos.popitem()[1]()

    def starting(self, thing: Any) -> None:
        """Note the project's lines that start the thread or process *thing*: 2 µs and more."""
        if vars(thing).get("_daemonic"):
            return  # Python does not wait for it
        found: list[Line] = []
        nearest = 0
        for depth, frame in enumerate(islice(thread_stacks.outwards(sys._getframe(2)), DEEPEST)):
            if project_files.owner(frame.f_code.co_filename) == "user":
                nearest = nearest if found else depth
                found.append((frame.f_code, line_at(frame)))
                if len(found) == CALLERS:
                    break
        if found:
            ref = _Ref(thing, self._forget)
            ref.key, ref.lines, ref.direct = id(thing), tuple(found), nearest == 0
            ref.runs = getattr(vars(thing).get("_target"), "__qualname__", None)
            self.lines[ref.key] = ref

    def _forget(self, ref: _Ref) -> None:
        if self.lines.get(ref.key) is ref:
            del self.lines[ref.key]

    def start_of(self, thing: object) -> _Ref | None:
        """Return what was noted as *thing* was started."""
        ref = self.lines.get(id(thing))
        return ref if ref is not None and ref() is thing else None

    def test_of(self, thing: object) -> str | None:
        """Return the test that ran as *thing* began."""
        for known in (self.threads, self.children):
            ref, test = known.get(id(thing), (None, ""))
            if ref is not None and ref() is thing:
                return test
        return None


def _with(known: Known, now: list[Any], test: str) -> Known:
    """Return what is *known* of all that runs *now*; what is new began while *test* ran."""
    found: Known = {}
    for thing in now:
        ref, began = known.get(id(thing), (None, ""))
        old = ref is not None and ref() is thing
        found[id(thing)] = (ref, began) if old else (weakref.ref(thing), test)
    return found


@dataclass(eq=False)
class ExitClock:
    """What is known of a run that has ended: it becomes of use if its process stays."""

    labels: Labels
    starts: Starts
    say: Callable[[tuple[ExitHolder, ...]], None]
    say_end: Callable[[], int]  # returns the exit code
    patience: float  # seconds after which the report is made
    limit: float | None  # seconds after which the process is ended; None: it is left alone
    since: float = 0.0
    ending: threading.Event = field(default_factory=threading.Event)
    finished: threading.Event = field(default_factory=threading.Event)

    def watch(self) -> None:
        """Wait, report what holds the process, and end it if there is a limit."""
        if not _leaving.wait(RECENT):
            return
        pause = threading.Event()
        pause.wait(self.patience)
        with suppress(Exception):  # if a look of ours fails, the process must end all the same
            from loopcheck.process import exit_holders

            self.say(exit_holders.read_holders(self.starts, self.labels))
        if self.limit is not None:
            pause.wait(max(0.0, self.limit - self.patience))
            self.end(self.say_end())

    def end(self, code: int) -> None:
        """End the process with that exit code, after what else is to be done at exit."""
        from loopcheck.process import exit_holders

        children = exit_holders.children()
        for child in children:
            with suppress(Exception):
                child.terminate()
        # If the main thread waits for these processes, it now goes on, and ends by itself.
        if not children or exit_holders.waits_for_threads():
            self.ending.set()
        self.finished.wait(FAREWELL)
        os._exit(code)

    def finish(self) -> None:
        """Do what else is to be done at exit, in a thread of its own: it may wait for ever."""
        if not _leaving.wait(RECENT):
            return
        self.ending.wait()
        from loopcheck.process import exit_holders

        with suppress(BaseException):
            if exit_holders.waits_for_threads():
                atexit._run_exitfuncs()  # a coverage tool writes its data there
        for stream in (sys.stdout, sys.stderr):
            with suppress(BaseException):
                stream.flush()
        self.finished.set()

    def begin(self) -> None:
        """Start the threads: the shutdown begins, or will soon."""
        acts = [self.watch, self.finish] if self.limit is not None else [self.watch]
        for act in acts:
            threading.Thread(target=act, name=NAME, daemon=True).start()


_armed: list[ExitClock] = []  # the last run's; empty until the first has ended
_leaving = threading.Event()


def arm(clock: ExitClock) -> None:
    """Watch the exit of this process, if it comes soon; an earlier run's clock is forgotten."""
    register = getattr(threading, "_register_atexit", None)
    if register is None or (TOO_LATE and not is_pytests_own()):
        return
    clock.since = monotonic()
    first = not _armed
    _armed[:] = [clock]
    if not first:
        return
    with suppress(Exception):  # the shutdown has begun
        if TOO_LATE:
            clock.begin()
        # Called before the interpreter waits for threads, and before what uses `atexit`. The last
        # one comes first: executors have registered theirs when they were imported.
        register(_leave)


def is_pytests_own() -> bool:
    """True if this process is a `pytest` or `python -m pytest`: it exits after its tests."""
    program = PurePath(sys.argv[0]) if sys.argv else PurePath()
    return program.stem in ("pytest", "py.test") or program.parts[-2:] == ("pytest", "__main__.py")


def _leave() -> None:
    clock = _armed[0]
    if not TOO_LATE and monotonic() - clock.since < RECENT:
        with suppress(Exception):
            clock.begin()
    _leaving.set()
