"""A timer that another thread can put off, without waking the thread that waits for it.

A thread that wakes takes the interpreter's lock from the tests. That costs them more than the
thread's own work. Linux has timers of this kind. Python offers them since 3.13; before, we call its
C library.
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

# The time until it rings: no period, seconds, nanoseconds. Only 64-bit systems have this layout.
TIME = struct.Struct("@4l")
KNOWN = TIME.size == 32
_poll = getattr(select, "poll", None)  # the original, before a test replaces it


class Timer:
    """The file number of a system timer, which the process may also have closed meanwhile.

    We only ever wait for it and set it: if the number is another file's by now, that file is
    unharmed.
    """

    def __init__(self, number: int, put_off: Callable[[float], object]) -> None:
        assert _poll is not None
        self.number, self.put_off = number, put_off
        self._poll = _poll()
        self._poll.register(number, select.POLLIN)

    def wait(self) -> None:
        """Wait until it rings. It has to be set again before the next wait."""
        self._poll.poll()

    def close(self) -> None:
        """Close the number, if it still belongs to a timer."""
        try:
            self.put_off(0.0)
            os.close(self.number)
        except OSError:
            pass


def new() -> Timer | None:
    """Return a timer that is not set; None if the system has none."""
    if sys.platform != "linux" or _poll is None:
        return None
    try:
        return of_pythons() if hasattr(os, "timerfd_create") else of_the_systems()
    except (OSError, ImportError, AttributeError):
        return None


def of_pythons() -> Timer:
    """Return a timer that Python creates."""
    python: Any = os  # the oldest supported Python has none
    number: int = python.timerfd_create(time.CLOCK_MONOTONIC)
    return Timer(number, lambda seconds: python.timerfd_settime(number, initial=seconds))


def of_the_systems() -> Timer | None:
    """Return a timer that the C library creates."""
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
