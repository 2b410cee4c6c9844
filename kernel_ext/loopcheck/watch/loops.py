"""The ledger of loops: where each was created, in which thread and test, and when it closed."""

from __future__ import annotations

import asyncio
import sys
import threading
import weakref
from collections import deque
from collections.abc import Callable, Iterable
from functools import wraps
from itertools import count
from types import CodeType, FrameType

from loopcheck.process.frames import module_of
from loopcheck.watch import faults
from loopcheck.watch.hooks import Counted, asked, placed, step_aside, together

KEPT = 2_000  # entries of about 400 bytes
RECENT = 60  # the newest, kept even if their loops are gone: the timeline shows them
RUNNERS = "pytest_asyncio.plugin"
FUNCTIONS = "_function_scoped_runner"  # the fixture with its runner for a single test
OLDER = "_provide_event_loop"  # the function that creates its loops before 1.1
READER = 2  # frames up to the one that reads `loop.stop`: _note_stop, and the hook's
_ENDS_RUN = asyncio.base_events._run_until_complete_cb.__code__  # type: ignore[attr-defined]
OWN = 3  # frames of ours: _by_runner, _note_birth, __init__
CALLERS = 12  # lines to keep of the code that created a loop; asyncio itself needs five
STARTERS = 30  # lines of the thread that waits for a portal: httpx needs ten
# A thread of its own runs the loop, and the thread that started it waits in this module.
PORTALS = "anyio.from_thread"


Callers = tuple[tuple[str, str, int, str], ...]  # module, file, line, function
MadeBy = tuple[str | None, str | None, Callers]  # scope and node of a runner; else the callers


class Entry:
    """An entry of the ledger: strings and numbers, and a weak reference to the loop.

    It is a plain class because each dataclass costs every run 0.7 ms at its start.
    """

    __slots__ = (
        *("born", "callers", "closers", "died", "for_tests", "key", "main", "node", "ref"),
        *("scope", "serial", "starters", "stoppers", "thread"),
    )

    def __init__(
        self,
        serial: int,
        ref: weakref.ref[asyncio.AbstractEventLoop],
        thread: str,
        main: bool,
        born: int,
        made_by: MadeBy,
    ) -> None:
        self.serial, self.ref, self.thread = serial, ref, thread
        self.key = id(ref())
        self.main = main  # created in the thread that runs the tests
        self.born = born  # the moment: number of tests begun before
        # The scope of pytest-asyncio's runner, and its node id: "tests/test_cart.py".
        self.scope, self.node, self.callers = made_by
        self.died: int | None = None
        self.for_tests: bool | None = None  # `loop_leaks.for_tests` keeps its answer here
        self.closers: Callers = ()  # the lines that closed it, if a line of user code created it
        self.starters: Callers = ()  # the lines that wait in another thread while it starts
        self.stoppers: Callers = ()  # the lines that asked for its `stop` last


class Ledger:
    """What the hooks write and gather reads.

    There is no lock: each passing test would pay for two. An entry is added in one step, and code
    that iterates over all entries uses a copy.
    """

    def __init__(self) -> None:
        self.entries: deque[Entry] = deque(maxlen=KEPT)
        self.serials = count(1)
        self.moment = 0  # the plugin sets it when tests begin
        self.test = ""  # the node id of the running test, also set by the plugin

    @property
    def serial(self) -> int:
        """Return the number of the newest entry, 0 if there is none."""
        newest = self._newest()
        return newest.serial if newest is not None else 0

    def _newest(self) -> Entry | None:
        try:
            return self.entries[-1]
        except IndexError:
            return None

    def find(self, loop: object) -> Entry | None:
        """Return the entry of *loop*: mostly the newest."""
        newest = self._newest()
        if newest is None or newest.ref() is loop:
            return newest
        return next((one for one in reversed(list(self.entries)) if one.ref() is loop), None)

    def forget_gone(self) -> None:
        """Drop old entries of loops that are gone: every garbage collection visits each entry."""
        living = []
        for _ in range(len(self.entries) - RECENT):
            entry = self.entries.popleft()
            if entry.ref() is not None:
                living.append(entry)
        self.entries.extendleft(reversed(living))

    def born(self, loop: object) -> int | None:
        """Return the moment of a test's own *loop*, also while it is being collected."""
        entry = self.dying(loop)
        return entry.born if entry is not None and entry.scope in (None, "function") else None

    def dying(self, loop: object) -> Entry | None:
        """Return the entry of *loop*, also while it is being collected.

        It uses no lock, and no weak reference, which is cleared by then. A later loop may reuse its
        address, but only after its end.
        """
        entries = reversed(list(self.entries))
        return next((entry for entry in entries if entry.key == id(loop)), None)

    def loops(self, more: Iterable[asyncio.AbstractEventLoop]) -> list[asyncio.AbstractEventLoop]:
        """Return the loops that still exist, and *more*: uvloop's are in no ledger."""
        kept = [loop for entry in list(self.entries) if (loop := entry.ref()) is not None]
        return list({id(loop): loop for loop in (*kept, *more)}.values())


LEDGER = Ledger()
left_open: deque[Entry] = deque(maxlen=KEPT)  # collected before any `close()`
# The stack depth of the pytest-asyncio fixture that returned a runner, and its code.
_latest: tuple[int, CodeType | None] = (0, None)


def take_left_open() -> list[Entry]:
    """Return the loops that were collected open since the last call, oldest first."""
    found = list(left_open)
    left_open.clear()
    return found


def install() -> Callable[[], None]:
    """Begin to keep the ledger; the last undo removes the hooks."""
    return _WATCH.install()


def _hook() -> Callable[[], None]:
    cls = asyncio.BaseEventLoop
    born, gone = cls.__init__, cls.close
    active = True
    here, told = threading.get_ident(), _thread()  # most loops are created in the watched thread

    @wraps(born)
    def __init__(self: asyncio.BaseEventLoop, *args: object, **kwargs: object) -> None:
        try:
            born(self, *args, **kwargs)
        except BaseException as error:
            step_aside(error)
            raise
        if active:
            try:
                _note_birth(self, *(told if threading.get_ident() == here else _thread()))
            except Exception:  # our code must never break the user's loop
                faults.note()

    @wraps(gone)
    def close(self: asyncio.BaseEventLoop) -> None:
        try:
            gone(self)
        except BaseException as error:
            step_aside(error)
            raise
        if active:
            try:
                _note_death(self, sys._getframe(1))
            except Exception:
                faults.note()

    restore = together(
        placed(cls, "__init__", __init__),
        placed(cls, "close", close),
        asked(cls, "stop", _note_stop),
    )

    def undo() -> None:
        nonlocal active
        active = False
        restore()
        LEDGER.entries.clear()
        left_open.clear()

    return undo


_WATCH = Counted(_hook)


def _thread() -> tuple[str, bool]:
    """Return the name of the running thread, and whether it is the main one."""
    thread = threading.current_thread()
    return thread.name, thread is threading.main_thread()


def _note_birth(loop: asyncio.AbstractEventLoop, thread: str, main: bool) -> None:
    made_by = _by_runner() or _made_by(sys._getframe(2))
    entry = Entry(next(LEDGER.serials), weakref.ref(loop), thread, main, LEDGER.moment, made_by)
    if not main and any(module == PORTALS for module, *_ in entry.callers):
        entry.starters = _waiting_for_portal()
    if entry.callers:  # pytest-asyncio itself has to close what it creates
        entry.ref = weakref.ref(loop, _collected)
    LEDGER.entries.append(entry)
    if entry.serial % RECENT == 0:
        LEDGER.forget_gone()


def _note_death(loop: asyncio.AbstractEventLoop, closer: FrameType) -> None:
    entry = LEDGER.find(loop)
    if entry is not None and entry.died is None:
        entry.died = LEDGER.moment
        if entry.scope is None:
            entry.closers = _closed_by(closer)


def _note_stop(loop: asyncio.AbstractEventLoop) -> None:
    """Record the line that reads `loop.stop`: mostly another thread's, which has it called later.

    The end of each `run_until_complete` reads it, too.
    """
    frame = sys._getframe(READER)
    if frame.f_code is not _ENDS_RUN and (entry := LEDGER.find(loop)) is not None:
        entry.stoppers = _lines_around(frame)


def asked_for(callers: Callers) -> int | None:
    """Return which of *callers* explicitly created a new loop, and so has to close it.

    If asyncio calls that function, it creates the loop for asyncio, as a factory of
    `asyncio.Runner` does. A policy creates it for its caller.
    """
    inner = ("", "")
    for number, (module, _, _, name) in enumerate(callers):
        if not module.startswith("asyncio."):
            outer = callers[number + 1] if number + 1 < len(callers) else ("", "", 0, "")
            runs = outer[0].startswith("asyncio.") and outer[3] != "_run"
            asked = inner == ("asyncio.events", "new_event_loop") and name != "new_event_loop"
            return number if asked and not runs else None
        inner = module, name
    return None


def _collected(ref: weakref.ref[asyncio.AbstractEventLoop]) -> None:
    """Record that the loop of *ref* is gone. A destructor that closes it runs later than this.

    It looks the entry up: a callback that holds it would be three more objects for each loop, which
    every garbage collection visits.
    """
    entry = next((one for one in reversed(list(LEDGER.entries)) if one.ref is ref), None)
    if entry is not None and entry.died is None:
        left_open.append(entry)


def unborn(loop: asyncio.AbstractEventLoop) -> Entry | None:
    """Return an entry, from its runner, for a closing loop that is not a Python class (uvloop).

    Only for a test's own: when a wider loop was created is unknown.
    """
    made_by = None if isinstance(loop, asyncio.BaseEventLoop) else _made_by(sys._getframe(1))
    if made_by is None or made_by[0] != "function":
        return None
    return Entry(0, weakref.ref(loop), *_thread(), LEDGER.moment, made_by)


def _waiting_for_portal() -> Callers:
    """Return the lines of the thread that started this one and waits until its loop runs."""
    from loopcheck.process import thread_stacks  # late: most runs have none

    here = getattr(threading, "_active", {}).get(threading.get_ident())
    for frames in thread_stacks.threads().values():
        for number, frame in enumerate(frames):
            if module_of(frame) == PORTALS and any(
                value is here for value in thread_stacks.locals_of(frame).values()
            ):
                return tuple(map(_caller, frames[number : number + STARTERS]))
    return ()


def _by_runner() -> MadeBy | None:
    """Look where the latest runner was: walking up would create an object for each frame."""
    depth, code = _latest
    try:
        frame = sys._getframe(depth)
    except ValueError:  # the stack is not that deep
        return None
    return _of_runner(frame) if frame.f_code is code else None


def _made_by(frame: FrameType | None) -> MadeBy:
    """Return scope and node of pytest-asyncio's runner, else the calling lines."""
    global _latest
    frames: list[FrameType] = []
    older = False
    while frame is not None and len(frames) < CALLERS:
        code = frame.f_code
        if module_of(frame) == RUNNERS:
            older = older or code.co_name == OLDER
            runner = "request" in code.co_varnames
            found = _of_runner(frame) if runner else _of_older(frame) if older else None
            if found is not None:
                if runner:
                    _latest = len(frames) + OWN, code
                return found
        frames.append(frame)
        frame = frame.f_back
    return None, None, tuple(map(_caller, frames))


def _closed_by(frame: FrameType | None) -> Callers:
    """Return the lines that close a loop, none if `asyncio.run` does."""
    return _lines_around(frame, unless="asyncio.runners")


def _lines_around(frame: FrameType | None, unless: str = "") -> Callers:
    """Return the lines of *frame* and its callers, innermost first; none if *unless* is one."""
    frames: list[FrameType] = []
    while frame is not None and len(frames) < CALLERS:
        if module_of(frame) == unless:
            return ()
        frames.append(frame)
        frame = frame.f_back
    return tuple(map(_caller, frames))


def _of_runner(frame: FrameType) -> MadeBy | None:
    request = frame.f_locals.get("request")
    if request is None:
        return None
    # Reading the request's scope or its node takes five calls each.
    own = getattr(request, "fixturename", "") == FUNCTIONS
    scope = "function" if own else str(request.scope)
    if scope == "function" and LEDGER.test:
        return scope, LEDGER.test, ()
    return scope, str(request.node.nodeid), ()


def _of_older(frame: FrameType) -> MadeBy | None:
    """Return pytest's facts about a fixture that creates a loop: before 1.1 there is no runner."""
    caller = frame.f_back
    set_up = caller is not None and module_of(caller) == "_pytest.fixtures"
    return _of_runner(caller) if set_up and caller is not None else None


def _caller(frame: FrameType) -> tuple[str, str, int, str]:
    code = frame.f_code
    return module_of(frame), code.co_filename, frame.f_lineno, code.co_name
