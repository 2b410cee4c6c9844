"""The garbage collector, kept still while we look.

What a look makes, thousands of nodes of syntax trees for instance, would have Python collect again
and again: that takes as long as the look itself, and the user's finalizers would run amid it. Where
frames of other threads are asked for it is more than time, see `probes.stacks`.
"""

import gc
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager

# Its own: who ends a thread that looks may hold all other locks of ours.
_ALONE = threading.RLock()
_off = False  # by us


def _in_child() -> None:
    """Do what a thread would have done that is not in the child of a fork."""
    global _off
    _ALONE._at_fork_reinit()  # type: ignore[attr-defined]
    if _off:
        _off = False
        gc.enable()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_in_child)


@contextmanager
def still() -> Iterator[None]:
    """Let no collection begin. To be left soon: it holds for all threads."""
    global _off
    # One at a time: who finds it off must not rely on another that is about to put it on again.
    with _ALONE:
        if not gc.isenabled():
            yield
            return
        try:
            _off = True
            gc.disable()
            yield
        finally:
            gc.enable()
            _off = False
