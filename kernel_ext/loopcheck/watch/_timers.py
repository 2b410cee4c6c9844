"""A timer that is put off by whoever has no need of it, without waking who waits for it.

Who wakes takes the interpreter's lock from the tests, which costs them more than what he then does.
Linux has such timers. Python offers them since 3.13; before, its C library is asked.
"""

from __future__ import annotations

import importlib
import os
import select
import struct
import sys
import time
from collections.abc import Callable
from typing import Any

# Until it rings: no period, seconds, nanoseconds. Elsewhere than on 64 bits they are other numbers.
TIME = struct.Struct("@4l")
KNOWN = TIME.size == 32
_poll = getattr(select, "poll", None)  # before somebody puts another in its place


class Timer:
    """The number of a timer of the system's, which the process may also have closed meanwhile.

    It is only ever waited for and set: were the number another file's by now, that stays as it is.
    """

    def __init__(self, number: int, put_off: Callable[[float], object]) -> None:
        assert _poll is not None
        self.number, self.put_off = number, put_off
        self._poll = _poll()
        self._poll.register(number, select.POLLIN)

    def wait(self) -> None:
        """Wait until it rings. Before the next time it is to be set."""
        self._poll.poll()

    def close(self) -> None:
        """Give the number back, if it is still that of a timer."""
        try:
            self.put_off(0.0)
            os.close(self.number)
        except OSError:
            pass


def new() -> Timer | None:
    """Return a timer that nobody has set; none where there is no such thing."""
    if sys.platform != "linux" or _poll is None:
        return None
    try:
        return of_pythons() if hasattr(os, "timerfd_create") else of_the_systems()
    except (OSError, ImportError, AttributeError):
        return None


def of_pythons() -> Timer:
    """Return one that Python makes."""
    python: Any = os  # the oldest Python that we know has none
    number: int = python.timerfd_create(time.CLOCK_MONOTONIC)
    return Timer(number, lambda seconds: python.timerfd_settime(number, initial=seconds))


def of_the_systems() -> Timer | None:
    """Return one that the C library makes."""
    if not KNOWN:
        return None
    _ctypes: Any = importlib.import_module("_ctypes")  # `ctypes` itself takes eight times as long

    class Number(_ctypes._SimpleCData):  # type: ignore[misc]
        _type_ = "i"

    class Function(_ctypes.CFuncPtr):  # type: ignore[misc]
        _flags_ = _ctypes.FUNCFLAG_CDECL | _ctypes.FUNCFLAG_PYTHONAPI  # keeps the lock
        _restype_ = Number

    library = _ctypes.dlopen(None, 0)
    create, set_ = (
        Function(_ctypes.dlsym(library, name)) for name in ("timerfd_create", "timerfd_settime")
    )
    number = create(time.CLOCK_MONOTONIC, os.O_CLOEXEC | os.O_NONBLOCK)

    def put_off(seconds: float) -> None:
        whole = int(seconds)
        if set_(number, 0, TIME.pack(0, 0, whole, int((seconds - whole) * 1e9)), None):
            raise OSError("the timer is gone")

    put_off(0.0)
    return Timer(number, put_off)
