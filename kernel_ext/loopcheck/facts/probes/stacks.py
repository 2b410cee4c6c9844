"""The frame that each thread is in, asked for in the one way that can't stop the process."""

import gc
import sys
import threading
from types import FrameType


def frames() -> dict[int, FrameType]:
    """Return the innermost frame of each thread, by the thread's number.

    Before 3.11.9 a collection may begin in there. It runs finalizers, which give the GIL away
    while the interpreter's own lock is held, and a thread that starts takes the GIL and waits
    for that lock: the process stands still for ever (python/cpython#106883).
    """
    if sys.version_info >= (3, 11, 9) or not gc.isenabled():
        found = sys._current_frames()
    else:
        gc.disable()
        try:
            found = sys._current_frames()
        finally:
            gc.enable()
    found[threading.get_ident()] = sys._getframe(1)
    return found
