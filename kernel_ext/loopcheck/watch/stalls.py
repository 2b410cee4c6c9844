"""What blocked a loop: exact times of its steps, and the line seen in the long ones.

A step lasts from the selector's return to the end of `_run_once`. Only installed loops are timed; a
thread looks at their frames while a step is long.
"""

from __future__ import annotations

import asyncio
import threading
import weakref
from collections import Counter, deque
from collections.abc import Callable, Sequence
from dataclasses import field
from types import FrameType
from typing import Any, cast

from loopcheck import abilities, collector
from loopcheck.clock import perf_counter
from loopcheck.labels import LOCK, Labels
from loopcheck.light import dataclass
from loopcheck.process import objects, thread_stacks
from loopcheck.process.frames import is_at, is_users, line_at, module_of
from loopcheck.records import Place, Stall
from loopcheck.source import call_names, lines
from loopcheck.watch.hooks import step_aside

Loop = asyncio.AbstractEventLoop
Undo = Callable[[], None]

KEPT = 500
LONG = 0.1  # seconds; asyncio's own slow_callback_duration
LOOKS = LONG / 4  # so that the shortest stall is seen at least once
Seen = tuple[tuple[str, int, str] | None, str | None]  # the user's line, the call


@dataclass(frozen=True)
class Entry:
    """The stored facts: strings, numbers, and a weak reference to the loop."""

    loop: weakref.ref[Loop]
    seconds: float
    seen: Seen
    ended: float  # of `perf_counter`
    looks: int = 0  # that saw it there: none while the whole process gets no processor


@dataclass(frozen=True)
class Blocked:
    """A step that is too long, in progress or over; `began` is of `perf_counter`."""

    loop: weakref.ref[Loop]
    began: float
    seconds: float
    place: Place | None
    call: str | None


@dataclass(eq=False)
class Timed:
    """A loop that is being timed."""

    loop: weakref.ref[Loop]
    undo: Undo = lambda: None
    users: int = 0
    thread: int = 0
    began: float | None = None  # the running step
    seen: Counter[Seen] = field(default_factory=Counter)
    last: float = 0.0  # when a line of user code was last seen in it

    def end(self) -> None:
        """Record the step if it was long."""
        began, self.began = self.began, None
        if began is not None and (seconds := perf_counter() - began) >= LONG:
            most = self.seen.most_common(1)
            seen, looks = most[0] if most else ((None, None), 0)
            _stalls.append(Entry(self.loop, seconds, seen, perf_counter(), looks))
        if self.seen:
            self.seen = Counter()

    def end_of_cell(self) -> None:
        """Record the step that a cell ends in, up to the cell's own last line.

        Showing the cell's result or error afterwards is not the cell's own work.
        """
        began, self.began = self.began, None
        own = Counter({seen: count for seen, count in self.seen.items() if seen[0]})
        if began is not None and own:
            seconds = min(self.last + LOOKS, perf_counter()) - began
            if seconds >= LONG:
                seen, looks = own.most_common(1)[0]
                _stalls.append(Entry(self.loop, seconds, seen, perf_counter(), looks))
        self.seen = Counter()


_stalls: deque[Entry] = deque(maxlen=KEPT)
_timed: list[Timed] = []
_watchdog: tuple[threading.Thread, threading.Event] | None = None


def stalls(labels: Labels) -> tuple[Stall, ...]:
    """Return the long steps that were seen, oldest first; also those of loops that are gone."""
    return tuple(_record(entry, labels) for entry in list(_stalls))


def blocked_now(labels: Labels) -> list[Blocked]:
    """Return the steps that are too long by now and still go on, for any thread that asks."""
    now, found = perf_counter(), []
    for timed in list(_timed):
        began = timed.began
        if began is None or now - began < LONG:
            continue
        counted = Counter(dict(list(timed.seen.items())))  # the watchdog goes on counting
        users = [one for one in counted.most_common() if one[0][0]] or counted.most_common(1)
        line, call = users[0][0] if users else (None, None)
        found.append(Blocked(timed.loop, began, now - began, _place(line, labels), call))
    return found


def blocked_since(moment: float, labels: Labels) -> list[Blocked]:
    """Return the long steps of user code that ended after *moment*, oldest first.

    A step that was long because the process got no processor was seen in one place once or twice.
    """
    return [
        Blocked(
            one.loop,
            one.ended - one.seconds,
            one.seconds,
            _place(one.seen[0], labels),
            one.seen[1],
        )
        for one in list(_stalls)
        if one.ended > moment and one.seen[0] and one.looks * 4 * LOOKS >= one.seconds
    ]


def clear() -> None:
    """Forget everything seen so far."""
    _stalls.clear()


def begin(loop: Loop) -> None:
    """Time the running step from here on: a cell begins in the middle of one."""
    for timed in _timed:
        if timed.loop() is loop:
            timed.thread, timed.began = threading.get_ident(), perf_counter()


def begin_in_its_thread(loop: Loop) -> None:
    """Time the step in which the thread of *loop* is now: it began before *loop* was installed."""
    ident = objects.peek(loop, "_thread_id")
    frames = thread_stacks.up_to("_run_once", ident) if type(ident) is int else []
    if any(is_at(one, "asyncio.events", "_run") for one in frames):
        for timed in _timed:
            if timed.loop() is loop and timed.began is None:
                timed.thread, timed.began = cast("int", ident), perf_counter()


def end(loop: Loop) -> None:
    """Count the running step as ended: the cell in it has ended."""
    for timed in _timed:
        if timed.loop() is loop:
            timed.end_of_cell()


def install(loop: Loop) -> Undo:
    """Begin to time *loop*; not uvloop's: their steps are not Python's."""
    with LOCK:
        timed = next((one for one in _timed if one.loop() is loop), None)
        if timed is None:
            timed = Timed(weakref.ref(loop))
            timed.undo = _time(loop, timed)
            _timed.append(timed)
        timed.users += 1
        _start()
    done = False

    def undo() -> None:
        nonlocal done
        with LOCK:
            last = not done and _release(timed)
            done = True
        if last:
            _stop()

    return undo


def _release(timed: Timed) -> bool:
    """Remove the hooks when nothing needs them; return whether no loop is timed any more."""
    timed.users -= 1
    if not timed.users:
        timed.undo()
        _timed.remove(timed)
    return not _timed


def has_steps(loop: Loop) -> bool:
    """Return whether *loop* can be timed: not uvloop's, and not one that is still being built."""
    return getattr(loop, "_selector", None) is not None and hasattr(loop, "_run_once")


def _time(loop: Loop, timed: Timed) -> Undo:
    if not has_steps(loop):
        return lambda: None
    selector = cast("Any", loop)._selector
    turn, select = _method(loop, "_run_once"), _method(selector, "select")
    active = True

    def _run_once() -> None:
        try:
            turn()
        except BaseException as error:
            step_aside(error)
            raise
        finally:
            if active:
                timed.end()

    def timed_select(timeout: float | None = None) -> Any:
        if timed.began is not None:  # a step that began before we came
            timed.end()
        try:
            ready = select(timeout)
        except BaseException as error:
            step_aside(error)
            raise
        if active:
            timed.thread, timed.began = threading.get_ident(), perf_counter()
        return ready

    taken = (_shadow(loop, "_run_once", _run_once), _shadow(selector, "select", timed_select))

    def undo() -> None:
        nonlocal active
        active = False
        for give_back in taken:
            give_back()

    return undo


def _method(thing: object, name: str) -> Callable[..., Any]:
    """Return the method of *thing*; unlike a bound method it does not keep *thing* alive."""
    own = vars(thing).get(name)
    if own is not None:
        return cast("Callable[..., Any]", own)
    function, ref = getattr(type(thing), name), weakref.ref(thing)
    return lambda *args: function(ref(), *args)


def _shadow(thing: object, name: str, ours: Callable[..., Any]) -> Undo:
    """Put *ours* on the object itself, over its class's method."""
    before, ref = vars(thing).get(name), weakref.ref(thing)
    setattr(thing, name, ours)

    def undo() -> None:
        there = ref()
        if there is None or vars(there).get(name) is not ours:
            return  # other code has wrapped after us: ours stays as a pass-through
        if before is None:
            delattr(there, name)
        else:
            setattr(there, name, before)

    return undo


def _start() -> None:
    global _watchdog
    if _watchdog is None and abilities.THREADS:
        leave = threading.Event()
        thread = threading.Thread(target=_look, args=(leave,), name="loopcheck stalls", daemon=True)
        _watchdog = thread, leave
        thread.start()


def _stop() -> None:
    global _watchdog
    with LOCK:
        if _timed or _watchdog is None:
            return
        (thread, leave), _watchdog = _watchdog, None
        leave.set()
    thread.join(1.0)  # it waits for none of our locks


def _look(leave: threading.Event) -> None:
    # A step that begins after a look is not yet LONG at the next one: so between two steps it may
    # sleep longer. Each look costs 0.1 to 0.2 ms of processor time, most of it for waking up.
    while not leave.wait(LOOKS if _steps_run() else 3 * LOOKS):
        with collector.still():  # the user's finalizers belong to other threads
            _look_once()


def _steps_run() -> bool:
    return any(timed.began is not None for timed in list(_timed))


def _look_once() -> None:
    now = perf_counter()
    for timed in list(_timed):
        began = timed.began
        if began is not None and now - began >= LONG / 2:
            seen = line_and_call(thread_stacks.of(timed.thread))
            if timed.began is began:  # else the step is over, and this was seen after it
                timed.seen[seen] += 1
                timed.last = perf_counter() if seen[0] else timed.last


def line_and_call(frames: Sequence[FrameType]) -> Seen:
    """Return the user's innermost line in the step with these *frames*, and the call it is in."""
    leaf = next(iter(frames), None)
    for one in frames:
        if is_at(one, "asyncio.events", "_run"):
            break
        if is_users(one):
            line = (one.f_code.co_filename, line_at(one), one.f_code.co_name)
            return line, _call_at(one) if one is leaf else _name(leaf)
    return None, _name(leaf)


def _name(frame: FrameType | None) -> str | None:
    if frame is None:
        return None
    return f"{module_of(frame)}.{frame.f_code.co_qualname}".lstrip(".")


def _call_at(frame: FrameType) -> str | None:
    return call_names.asked(lines.of_frame(frame).call)


def _record(entry: Entry, labels: Labels) -> Stall:
    loop, (line, call) = entry.loop(), entry.seen
    label = labels.of("loop", loop) if loop is not None else "a loop that is gone"
    return Stall(loop=label, seconds=entry.seconds, place=_place(line, labels), call=call)


def _place(line: tuple[str, int, str] | None, labels: Labels) -> Place | None:
    return Place(labels.file(line[0]), line[1], line[2]) if line else None
