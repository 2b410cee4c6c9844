"""The clocks as they were before any test.

Who sets the time for tests (freezegun) puts its own functions wherever a module has the system's
among its names; ours are in a tuple.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

APART = 0.01  # seconds between two looks
_CLOCKS = (time.monotonic, time.perf_counter, time.time)
# In a browser there is one thread and no clock of its own: the clock of the process is the same.
_OF_THREAD = (getattr(time, "thread_time", time.process_time),)


def monotonic() -> float:
    """Return the seconds of a clock that only goes on."""
    return _CLOCKS[0]()


def is_real(function: object) -> bool:
    """Return whether *function* is one of the system's clocks, and no test's."""
    return any(function is one for one in _CLOCKS)


def until(true: Callable[[], bool], seconds: float) -> bool:
    """Return whether *true* comes true in time. Threads give no sign when they end: look."""
    pause, end = threading.Event(), monotonic() + seconds
    while not (now := true()) and monotonic() < end:
        pause.wait(APART)
    return now


def perf_counter() -> float:
    """Return the seconds of the finest clock."""
    return _CLOCKS[1]()


def now() -> float:
    """Return the seconds since 1970."""
    return _CLOCKS[2]()


def thread_time() -> float:
    """Return the seconds of processor that this thread has used."""
    return _OF_THREAD[0]()
