"""A call into C that keeps the interpreter for itself: no thread of ours runs meanwhile.

Two timers of the operating system count the processor time of this process, and the watchdog sets
them back at each of its looks. If it can't run, the first timer's signal raises an error in the
call: a regular expression and big integers let Python handle signals. What does not is out of
reach. The second timer's signal then prints the frames of all threads: `faulthandler` does that
without the interpreter.
"""

from __future__ import annotations

import faulthandler
import os
import signal
import threading
import types
from collections.abc import Callable
from contextlib import suppress
from dataclasses import field
from typing import Any

from loopcheck.clock import monotonic
from loopcheck.light import dataclass
from loopcheck.watch.hang import held_turn

CUT = 1  # times the limit, on the clock, from the first signal: the watchdog runs meanwhile, too
TELL = 2  # times the limit, in the processor's time: no code of ours could ask a clock
# Seconds for each processor, at least: threads that run no Python use them all between two looks.
EACH = 2.5
OFTEN = 0.5  # seconds of the first: on a machine with a load of 9 they took 2.5 s on the clock
SAYS = (
    "--loopcheck-hang: a call in one of these threads keeps the interpreter and lets no signal in,"
    " so the test can't be ended"
)
NAMES = ("SIGVTALRM", "SIGPROF")  # of ITIMER_VIRTUAL and ITIMER_PROF


@dataclass(eq=False)
class HeldInterpreter:
    """The timers. *cut* is called in the main thread, with the frame that makes the call."""

    seconds: float
    cut: Callable[[types.FrameType], None]
    is_free: Callable[[int], bool]  # whether nobody handles a signal
    at: object = None  # where the main thread was when the last signal came
    since: float = 0.0
    handler: Callable[[int, types.FrameType | None], None] | None = None
    numbers: tuple[int, ...] = ()  # of the signals; none if they are not free
    terminal: Any = None  # a copy of stderr, which pytest captures in tests
    _lock: Any = field(default_factory=threading.Lock)

    def start(self) -> None:
        """Take the signals, if nobody has them; only the main thread can."""
        numbers = [number for name in NAMES if (number := getattr(signal, name, None)) is not None]
        if len(numbers) < len(NAMES) or threading.current_thread() is not threading.main_thread():
            return
        if not all(map(self.is_free, numbers)) or any(map(_runs, _timers())):
            return  # a profiler's
        with suppress(OSError):  # stderr is closed
            self.terminal = open(os.dup(2), "wb", 0)  # noqa: SIM115

            # A function: `getsignal` calls the repr of what it returns.
            def handle(number: int, frame: types.FrameType | None) -> None:
                __tracebackhide__ = True  # like pytest's own: a failure points at the user's line
                if frame is not None and self._is_held(frame):
                    self.cut(frame)

            self.handler = handle
            signal.signal(numbers[0], handle)
            faulthandler.register(numbers[1], self.terminal, all_threads=True)
            self.numbers = (*numbers,)

    def look(self, *, on: bool) -> None:
        """Set the timers back; without a test that is *on*, stop them.

        The calling thread runs, so nothing keeps the interpreter.
        """
        self.at = None
        with self._lock:
            if not self.numbers:
                return  # perhaps Windows, which has no such timers
            first, second = _timers()
            if self._has_first():
                often = min(self.seconds / 2, OFTEN) if on else 0.0
                signal.setitimer(first, often, often)
            if self._has_second():
                told = max(TELL * self.seconds, EACH * _processors())
                signal.setitimer(second, told if on else 0.0)

    def stop(self) -> None:
        """Give the signals back."""
        self.look(on=False)
        with self._lock:
            if threading.current_thread() is threading.main_thread():
                if self._has_first():
                    signal.signal(self.numbers[0], signal.SIG_DFL)
                if self._has_second():
                    faulthandler.unregister(self.numbers[1])
                    self.terminal.close()
                self.numbers = ()

    def _has_first(self) -> bool:
        """Return whether no test has taken the signal meanwhile, and so its timer."""
        return bool(self.numbers) and _handler(self.numbers[0]) is self.handler

    def _has_second(self) -> bool:
        return bool(self.numbers) and _handler(self.numbers[1]) is signal.SIG_DFL

    def _is_held(self, frame: types.FrameType) -> bool:
        if held_turn.computes(frame, frame.f_lasti):
            self.at = None  # our thread has only not been given the processor
            return False
        before, self.at = self.at, (id(frame), frame.f_lasti)
        if before != self.at:
            self.since = monotonic()
        return monotonic() - self.since >= CUT * self.seconds


def _handler(number: int) -> object:
    """Return the handler of signal *number*, None if a test has broken what that takes.

    3.13: `getsignal` calls `isinstance`. An error here would end the thread that ends the test.
    """
    try:
        return signal.getsignal(number)
    except Exception:
        return None


def in_words(act: Callable[[], None]) -> Callable[[], None]:
    """Return a function that runs *act* in a frame whose file is called as in SAYS.

    `faulthandler` prints nothing but frames, and the watchdog's own is always among them.
    """

    def says() -> None:
        act()

    code = says.__code__.replace(co_filename=SAYS)
    return types.FunctionType(code, globals(), closure=says.__closure__)


def _processors() -> int:
    """Return how many processors this process may use."""
    may = getattr(os, "sched_getaffinity", None)
    return len(may(0)) if may is not None else os.cpu_count() or 1


def _timers() -> tuple[int, int]:
    return signal.ITIMER_VIRTUAL, signal.ITIMER_PROF


def _runs(timer: int) -> bool:
    return signal.getitimer(timer)[0] > 0
