"""The garbage collector, paused while we look.

A look creates thousands of objects, for instance nodes of syntax trees. With the collector on,
Python would collect again and again: that takes as long as the look itself, and the user's
finalizers would run in the middle of it. Where we read frames of other threads, more than time is
at stake, see `process.thread_stacks`. And a collection that a thread of ours begins would run the
user's finalizers there: in another thread than without us, and beside the test that runs by then.
"""

from __future__ import annotations

import gc
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager

# A lock of its own: code that ends a looking thread may hold all other locks of ours.
_LOCK = threading.RLock()
_looking: set[object] = set()  # one for each look in progress
_off = False  # we have turned it off


def _in_child() -> None:
    """Reset in a forked child what threads would have reset that do not exist there."""
    global _off
    _LOCK._at_fork_reinit()  # type: ignore[attr-defined]
    _looking.clear()
    if _off:
        _off = False
        gc.enable()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_in_child)


class Still:
    """One look in progress: no thread starts a collection until the last one has ended.

    A thread that looks again and again calls `begin` and `end` of one instance. Unlike `with`, that
    makes no object, which could be the one that starts a collection.
    """

    __slots__ = ()

    def begin(self) -> None:
        global _off
        _LOCK.acquire()
        try:
            if not _looking and gc.isenabled():
                _off = True
                gc.disable()
            _looking.add(self)
        finally:
            _LOCK.release()

    def end(self) -> None:
        global _off
        _LOCK.acquire()
        try:
            _looking.discard(self)
            if _off and not _looking:
                _off = False
                gc.enable()
        finally:
            _LOCK.release()


@contextmanager
def still() -> Iterator[None]:
    """Keep every thread from starting a collection until the last running look has ended."""
    me = Still()
    try:
        me.begin()
        yield
    finally:
        me.end()
