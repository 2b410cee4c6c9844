"""The frame that each thread is in, asked for in the one way that can't stop the process."""

import gc
import sys
import threading
from types import FrameType

from loopcheck.facts.labels import LOCK


def frames() -> dict[int, FrameType]:
    """Return the innermost frame of each thread, by the thread's number.

    Before 3.11.9 a collection may begin in there. It runs finalizers, which give the GIL away
    while the interpreter's own lock is held, and a thread that starts takes the GIL and waits
    for that lock: the process stands still for ever (python/cpython#106883).
    """
    found = sys._current_frames() if sys.version_info >= (3, 11, 9) else _without_collecting()
    found[threading.get_ident()] = sys._getframe(1)
    return found


def _without_collecting() -> dict[int, FrameType]:
    # One at a time: who finds it off must not rely on another that is about to put it on again.
    with LOCK:
        if not gc.isenabled():
            return sys._current_frames()
        try:
            gc.disable()
            return sys._current_frames()
        finally:
            gc.enable()
