"""The system's data about threads and processors: which threads ran, and which waited for one."""

from __future__ import annotations

import os
import sys
import threading
import time
from contextlib import suppress

from loopcheck.clock import monotonic

# The originals: blockbuster and pyfakefs replace these functions. In a container, so that such
# libraries do not find them in our module.
_FILES = (os.stat, os.open, os.read, os.close)
MOST_READ = 4096  # bytes: the system's data about a thread have some 300
AT_MOST = 10_000  # checks whether a thread is gone, some microseconds each
PER_THREAD_CLOCK = 0b110  # Linux: of one thread, in the scheduler's nanoseconds
# In a container, so that libraries that freeze clocks for tests do not find them in our module.
_CLOCKS = (time.process_time, getattr(time, "clock_gettime", None))


class Ran:
    """The system's data about a thread and its processors."""

    __slots__ = ("ready", "times", "waited")

    def __init__(
        self,
        waited: float,  # seconds that it was ready and had no processor
        times: int,  # how often it got one
        ready: bool,  # now: it would run if it had one
    ) -> None:
        self.waited, self.times, self.ready = waited, times, ready


def native_id() -> int | None:
    """Return the system's number of this thread, None if Python does not know it."""
    return threading.get_native_id() if hasattr(threading, "get_native_id") else None


def until_gone(native: int | None) -> None:
    """Wait until an ended thread is gone for the system too, which still counts it for a while."""
    with suppress(OSError):
        for _ in range(AT_MOST):
            _FILES[0](f"/proc/self/task/{native}")


def times(native: int | None) -> tuple[float, float, float]:
    """Return the time, the processor time of one thread, and that of all threads."""
    return monotonic(), _used(native), _CLOCKS[0]()


def _used(native: int | None) -> float:
    """Return the seconds of processor that a thread used; except on Linux, the whole process.

    `time.pthread_getcpuclockid` would crash for a thread that is gone; with this clock it is an
    error.
    """
    clock = _CLOCKS[1]
    if sys.platform == "linux" and native is not None and clock is not None:
        try:
            return float(clock((~native << 3) | PER_THREAD_CLOCK))
        except OSError:
            pass
    return float(_CLOCKS[0]())


def activity(native: int | None) -> float:
    """Return a number that stays the same while a thread sleeps in a call.

    On Linux, how often it got a processor: one that waits for the interpreter wakes to request it.
    Elsewhere, whole seconds of the process.
    """
    found = ran(native)
    return found.times if found is not None else int(_used(native))


def ran(native: int | None) -> Ran | None:
    """Return how a thread has got processors so far; only Linux has that."""
    try:
        _, waited, times = _read(f"/proc/self/task/{native}/schedstat").split()
        state = _read(f"/proc/self/task/{native}/stat").rpartition(b")")[2].split()[0]
    except (OSError, ValueError, IndexError):
        return None
    return Ran(int(waited) / 1e9, int(times), state == b"R")


class Sleep:
    """Whether a thread sleeps in its calls, most of the time from here on."""

    __slots__ = ("_began", "_native", "_ran", "_used")

    def __init__(self, native: int | None) -> None:
        self._native, self._ran = native, ran(native)
        self._began, self._used, _ = times(native)

    def mostly(self) -> bool:
        """Return whether it slept for most of the time, and neither computed nor tried to.

        What has no processor is ready for one. What waits for the interpreter's lock wakes at each
        switch interval to request it.
        """
        now, used, _ = times(self._native)
        before, after = self._ran, ran(self._native)
        busy, tried = used - self._used, 0.0
        if before is not None and after is not None:
            busy += after.waited - before.waited
            tried = (after.times - before.times) * sys.getswitchinterval()
        seconds = now - self._began
        return busy < seconds / 2 and tried < seconds * 0.8


def _read(file: str) -> bytes:
    """Return the content of a small file, in a third of the time that `open` takes."""
    _, open_, read, close = _FILES
    number = open_(file, os.O_RDONLY)
    try:
        return read(number, MOST_READ)
    finally:
        close(number)


def lacked(looking: int | None) -> tuple[float, bool]:
    """Return how long threads of this process had no processor, and whether one lacks it now.

    The thread that is *looking* counts too: the others may have waited for the lock that it held.
    """
    try:
        threads = {int(one): ran(int(one)) for one in os.listdir("/proc/self/task")}
    except OSError:
        return 0.0, False
    known = {number: one for number, one in threads.items() if one is not None}
    ready = any(one.ready for number, one in known.items() if number != looking)
    return sum(one.waited for one in known.values()), ready


def without_the_lock(
    before: Ran | None, now: Ran | None, by_others: float, late: float | None
) -> float | None:
    """Return how long a thread may have waited for the interpreter's lock; None if unknown.

    Other threads held the lock at most while they had a processor, or while ours held it and had
    none. A thread that waits for the lock wakes at each switch interval to request it; a thread
    that waits in a call sleeps on.
    """
    if late is None:
        return None
    held = late + max(0.0, by_others)
    if before is None or now is None:
        return held
    return min(held, 2 * (now.times - before.times) * sys.getswitchinterval())
