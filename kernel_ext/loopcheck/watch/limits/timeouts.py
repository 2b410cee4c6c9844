"""Timeouts that ran out and were lost: the cancelled code ran to its end, and reported nothing.

We record where the task waited when its time runs out: only overdue timeouts pay for that.
"""

from __future__ import annotations

import asyncio
import math
import sys
import time
import weakref
from asyncio import tasks, timeouts
from collections import deque
from collections.abc import Callable
from itertools import count, islice
from types import CodeType, FrameType
from typing import Any

from loopcheck import clock
from loopcheck.process import futures, objects
from loopcheck.process.frames import line_of, module_of
from loopcheck.watch import faults
from loopcheck.watch.hooks import Counted, Hook, placed, step_aside, together
from loopcheck.watch.loops import LEDGER

KEPT = 500
MOST_FIRED = 50
DEEPEST = 60  # frames to follow outwards
BEFORE_REPORTS = sys.version_info < (3, 12)
OWN = 2  # frames of ours: _ends, and the hook's
# Seconds, some 30 years: `time.time()` began in 1970, most loops' clocks begin with the machine.
WALL_CLOCK = 1e9
_TIME = asyncio.BaseEventLoop.time
Undo = Callable[[], None]
Offsets = tuple[tuple[CodeType, int], ...]  # code and offset, outermost first


class Fired:
    """The end of a timeout. It keeps code objects and numbers, never a frame."""

    __slots__ = ("moment", "way")

    def __init__(self, way: Offsets, moment: int) -> None:
        self.way, self.moment = way, moment  # the number of tests begun

    def lines(self) -> list[tuple[CodeType, int]]:
        """Return code and line of each step of its way, in that order."""
        return [(code, line_of(code, offset)) for code, offset in self.way]


class Lost(Fired):
    """A timeout that nothing reported; its way is where the task waited, outermost first."""

    __slots__ = ("serial",)

    def __init__(self, way: Offsets, moment: int, serial: int) -> None:
        super().__init__(way, moment)
        self.serial = serial  # continues counting after `clear`


class Ended(Fired):
    """What a timeout cancels as it runs out; its way is where the task waited, outermost first."""

    __slots__ = ("futures",)

    def __init__(self, way: Offsets, futures: tuple[weakref.ref[Any], ...], moment: int) -> None:
        super().__init__(way, moment)
        self.futures = futures


kept: deque[Lost] = deque(maxlen=KEPT)
ended: deque[Ended] = deque(maxlen=MOST_FIRED)
by_wall_clock: deque[Fired] = deque(maxlen=MOST_FIRED)  # set to a time that is no time of the loop
# Who gets its error, innermost first. Before 3.12: later the interpreter reports handled errors.
fired: deque[Fired] = deque(maxlen=MOST_FIRED)
_noted: set[object] = set()  # the marks of those of one test
_noted_in = 0
_overdue: weakref.WeakKeyDictionary[Any, Offsets] = weakref.WeakKeyDictionary()
_serial = count(1)
listener: Callable[..., None] | None = None  # looks at what a timeout ends, before it does


def since(serial: int) -> list[Lost]:
    """Return the timeouts lost after the entry of that number."""
    return [entry for entry in list(kept) if entry.serial > serial] if kept else []


def latest() -> int:
    """Return the number of the newest entry, 0 if there is none."""
    return kept[-1].serial if kept else 0


def clear() -> None:
    """Forget everything seen so far."""
    kept.clear()
    fired.clear()
    ended.clear()
    by_wall_clock.clear()
    _noted.clear()


def ended_in_this_test() -> list[Ended]:
    """Return what timeouts of the running test cancelled."""
    return [one for one in ended if one.moment == LEDGER.moment]


def note_ended(thing: Any, way: Offsets) -> None:
    """Record that *thing*, a task or the future of a `wait_for`, is cancelled by a timeout.

    Cancelling a task cancels what it waits for, down to the last future.
    """
    waiter = futures.waiter(thing)
    plain = type(thing) is asyncio.Task and type(waiter) is asyncio.Future
    found = (thing, waiter) if plain else futures.below(thing)  # a poll passes here often
    ended.append(Ended(way, tuple(map(weakref.ref, found)), LEDGER.moment))


def by_wall_clock_in_this_test() -> list[Fired]:
    """Return where timeouts of the running test have ended that could not run out for decades."""
    return [one for one in by_wall_clock if one.moment == LEDGER.moment]


def fired_in_this_test() -> list[Fired]:
    """Return the timeouts of the running test that raised their errors; none from 3.12 on."""
    return [one for one in fired if one.moment == LEDGER.moment]


def install() -> Undo:
    """Begin to record lost timeouts; the last undo removes the hooks."""
    return _WATCH.install()


def mark(way: Offsets) -> tuple[tuple[int, int], ...]:
    """Return a mark of where a timeout ran out. A code object compares by all its contents."""
    return tuple([(id(code), offset) for code, offset in way])


def _where_is(task: Any) -> Offsets:
    from loopcheck.process.waiting import await_chain  # late: most runs have no overdue timeout

    return await_chain.where_is(task)


def _runs_out(timeout: Any) -> None:
    _overdue[timeout] = way = _where_is(timeout._task)
    note_ended(timeout._task, way)
    if listener is not None:
        listener(timeout._task, way, timeout)


def _ends(timeout: Any, kind: Any = None, *_: object) -> None:
    if (timeout._when or 0) > WALL_CLOCK and is_wall_clock(timeout._when, timeout._task.get_loop()):
        frame = sys._getframe(OWN)
        by_wall_clock.append(Fired(((frame.f_code, frame.f_lasti),), LEDGER.moment))
    if timeout not in _overdue:
        return
    way = _overdue.pop(timeout)
    if kind is asyncio.CancelledError and BEFORE_REPORTS and _raises(timeout):
        _note_fired(sys._getframe(OWN), way)
    if kind is not asyncio.CancelledError and timeout._state is timeouts._State.EXPIRING:  # type: ignore[attr-defined]
        note(way)


def is_wall_clock(when: float, loop: asyncio.AbstractEventLoop) -> bool:
    """Return whether *when* is no time of *loop*, if its clock is known.

    We never ask a clock of the test's: a mock counts its calls, and may have a list of answers.
    """
    known = objects.class_attribute(type(loop), "time") is _TIME and clock.is_real(time.monotonic)
    return known and WALL_CLOCK < when < math.inf and when - clock.monotonic() > WALL_CLOCK


def _raises(timeout: Any) -> bool:
    """Return whether nothing but *timeout* cancelled its task: else it raises no error now."""
    return bool(timeout._task.cancelling() - 1 <= getattr(timeout, "_cancelling", 0))


def _note_fired(frame: FrameType | None, at: Offsets) -> None:
    """Record who gets the error of a timeout that ran out *at* a place, once in each test."""
    global _noted_in
    if _noted_in != LEDGER.moment:
        _noted_in = LEDGER.moment
        _noted.clear()
    # A test that polls passes here a thousand times.
    here = id(asyncio.current_task()), mark(at)
    if here in _noted:
        return
    if len(_noted) >= KEPT:
        _noted.clear()
    _noted.add(here)
    from loopcheck.process.waiting import frames_around  # late: most runs have no overdue timeout

    if frame is not None:
        around = islice(frames_around.read_outwards(frame), DEEPEST)
        way = tuple([(one.f_code, one.f_lasti) for one in around])
        fired.append(Fired(way, LEDGER.moment))


def note(way: Offsets) -> None:
    """Record that a timeout ran out there, and was lost."""
    kept.append(Lost(way, LEDGER.moment, next(_serial)))


_OF_BLOCKS = Hook(timeouts.Timeout, clear, _on_timeout=_runs_out, __aexit__=_ends)


def _hook() -> Undo:
    undos = [_OF_BLOCKS.install()]
    if sys.version_info < (3, 12):  # from then on `wait_for` uses a Timeout
        undos.append(_of_wait_for())
    return together(*undos)


def _of_wait_for() -> Undo:
    theirs: Any = tasks._cancel_and_wait  # type: ignore[attr-defined]
    active = True

    async def _cancel_and_wait(fut: Any, loop: Any) -> None:
        overdue = active and sys.exc_info()[0] is None  # else `wait_for` itself is cancelled
        way = _seen(fut, sys._getframe(1)) if overdue else None
        try:
            await theirs(fut, loop=loop)
        except BaseException as error:
            step_aside(error)
            raise
        if way and fut.cancelled():
            _note_fired(sys._getframe(1).f_back, way)
        if way and not fut.cancelled() and getattr(fut, "_exception", None) is None:
            note(way)

    restore = placed(tasks, "_cancel_and_wait", _cancel_and_wait)

    def undo() -> None:
        nonlocal active
        active = False
        restore()

    return undo


def _seen(fut: Any, frame: FrameType) -> Offsets | None:
    """Return the places that run the `wait_for` of 3.11 in *frame*, then those where *fut* waits.

    The listener looks at the same lines. The task that waits runs now: the coroutines that it
    awaits are known by their frames only.
    """
    try:
        upper = _outwards(frame)[::-1]
        here = [(one.f_code, one.f_lasti) for one in upper]
        way = (*here, *(_where_is(fut) if futures.is_task(fut) else ()))
        note_ended(fut, way)
        if listener is not None:
            task = asyncio.current_task(fut.get_loop())
            listener(task, way, None, fut, tuple(upper))
        return way
    except Exception:  # our code must never break the user's wait
        faults.note()
        return None


def _outwards(frame: FrameType | None) -> list[FrameType]:
    """Return *frame* and those around it, up to the loop that runs them."""
    found = []
    while frame is not None and module_of(frame) != "asyncio.events":
        found.append(frame)
        frame = frame.f_back
    return found


_WATCH = Counted(_hook)
