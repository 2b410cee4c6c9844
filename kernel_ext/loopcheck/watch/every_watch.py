"""All watches that cost too much for a first run, for a test that runs a second time."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable

from loopcheck.watch import asyncgens, coroutines, tasks
from loopcheck.watch.hooks import once, together
from loopcheck.watch.loops import LEDGER

Undo = Callable[[], None]


def install() -> Undo:
    """Record from now on where tasks, coroutines and generators are created, also on open loops."""
    return once(together(_origins(), asyncgens.install(), tasks.install(), *_open_loops()))


def _open_loops() -> list[Undo]:
    """Watch the loops of this thread that live longer than a test: a module's, a session's."""
    name = threading.current_thread().name
    known = [(entry.ref(), entry.thread) for entry in list(LEDGER.entries)]
    mine = [loop for loop, thread in known if loop is not None and thread == name]
    return [tasks.install(loop) for loop in mine if not loop.is_closed()]


def _origins() -> Undo:
    before = sys.get_coroutine_origin_tracking_depth()
    sys.set_coroutine_origin_tracking_depth(max(coroutines.DEPTH, before))
    return lambda: sys.set_coroutine_origin_tracking_depth(before)
