"""A loop that sleeps though something is ready: a thread delivered it, and did not wake the loop.

A request to the loop would wake it, and the test would pass: we look from outside.
"""

from __future__ import annotations

import asyncio
from collections import deque
from typing import Any

from loopcheck.process import thread_stacks
from loopcheck.process.frames import is_at


def first_ready(loop: asyncio.AbstractEventLoop, thread: int, timer: float) -> object | None:
    """Return what *loop* has ready while it sleeps in *thread*; None if it is not asleep.

    A loop that a timer wakes within *timer* seconds will handle it then. A loop that falls asleep
    has nothing ready, otherwise it would only poll its sockets. uvloop keeps what is ready
    elsewhere.
    """
    ready: Any = getattr(loop, "_ready", None)
    if type(ready) is not deque or not ready:
        return None
    frames = thread_stacks.of(thread)
    turn = next((one for one in frames if is_at(one, "asyncio.base_events", "_run_once")), None)
    if turn is None or not frames or not is_at(frames[0], "selectors", "select"):
        return None
    sleeps = thread_stacks.locals_of(turn).get("timeout", 0)
    if sleeps is not None and sleeps <= timer:
        return None
    try:
        first: object = ready[0]
    except IndexError:  # it has woken up meanwhile
        return None
    return first
