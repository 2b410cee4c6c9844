"""The clocks as they were before any test.

Who sets the time for tests (freezegun) puts its own functions wherever a module has the system's
among its names; ours are in a tuple.
"""

import time

_CLOCKS = (time.monotonic, time.perf_counter, time.time)


def monotonic() -> float:
    """Return the seconds of a clock that only goes on."""
    return _CLOCKS[0]()


def perf_counter() -> float:
    """Return the seconds of the finest clock."""
    return _CLOCKS[1]()


def now() -> float:
    """Return the seconds since 1970."""
    return _CLOCKS[2]()
