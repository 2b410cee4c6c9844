"""The garbage collector, kept still while we look.

What a look makes, thousands of nodes of syntax trees for instance, would have Python collect again
and again: that takes as long as the look itself, and the user's finalizers would run amid it. Where
frames of other threads are asked for it is more than time, see `process.thread_stacks`.
"""

from __future__ import annotations

import gc
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager

# Its own: who ends a thread that looks may hold all other locks of ours.
_LOCK = threading.RLock()
_looking: set[object] = set()  # one for each look that goes on
_off = False  # by us


def _in_child() -> None:
    """Do what threads would have done that are not in the child of a fork."""
    global _off
    _LOCK._at_fork_reinit()  # type: ignore[attr-defined]
    _looking.clear()
    if _off:
        _off = False
        gc.enable()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_in_child)


@contextmanager
def still() -> Iterator[None]:
    """Let no collection begin, in any thread, until the last of those who look is done."""
    global _off
    me = object()
    try:
        with _LOCK:
            if not _looking and gc.isenabled():
                _off = True
                gc.disable()
            _looking.add(me)
        yield
    finally:
        with _LOCK:
            _looking.discard(me)
            if _off and not _looking:
                _off = False
                gc.enable()
