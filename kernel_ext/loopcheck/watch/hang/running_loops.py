"""The loop that a thread runs now, and calls that the loop makes for us."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from contextlib import suppress

from loopcheck.process import futures, thread_stacks
from loopcheck.process.loops import live_loops
from loopcheck.watch import faults

Loop = asyncio.AbstractEventLoop


def running(thread: int) -> tuple[Loop, object] | None:
    """Return the loop that *thread* runs now, and the future for which it runs."""
    found: Loop | None = None
    for frame in thread_stacks.of(thread):
        loop = live_loops.loop_of(frame)
        if loop is None:
            continue
        if found is not None and loop is not found:
            break
        found = loop
        for name in ("future", "task"):  # run_until_complete, Runner.run
            root = thread_stacks.locals_of(frame).get(name)
            if futures.is_future(root):
                return loop, root
    return (found, None) if found is not None else None


def call_on(loop: Loop, act: Callable[[], object]) -> threading.Event:
    """Let *loop* run *act*, and return an event that is set when it has."""
    did = threading.Event()

    def run() -> None:
        try:
            act()
        except Exception:
            faults.note()
        finally:
            did.set()

    with suppress(RuntimeError):  # closed by now
        loop.call_soon_threadsafe(run)
    return did
