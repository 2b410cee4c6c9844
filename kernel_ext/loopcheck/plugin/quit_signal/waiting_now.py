"""What a run waits for at this moment, in words: the hang if it is one, tasks, threads."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from types import FrameType
from typing import Any

import pytest

from loopcheck.labels import Labels
from loopcheck.modes.diagnose import diagnose
from loopcheck.process import thread_stacks
from loopcheck.process.loops import live_loops
from loopcheck.process.waiting import busy_threads, waits
from loopcheck.records import Evidence
from loopcheck.report import looking, text
from loopcheck.report.sections import Section
from loopcheck.source import user_code
from loopcheck.watch.hang.hang_clock import Phase, Watchdog

PARTS = ("loops", "tasks")
MOST_THREADS = 20


def in_words(labels: Labels, item: pytest.Item | None) -> str:
    """Return what this thread's loop, and all other threads, wait for."""
    test = os.environ.get("PYTEST_CURRENT_TEST", "no test")
    parts = [f"loopcheck: what waits now, in {test} (process {os.getpid()})"]
    parts += [text.finding(one) for one in _hangs(labels, item)]
    parts.append(looking.view(looking.look(PARTS, ()), PARTS).text)
    parts.append(text.section(_threads(labels)))
    return "\n\n".join(parts)


def _hangs(labels: Labels, item: pytest.Item | None) -> Iterator[Any]:
    """Yield the finding for a test that nothing in this process can wake."""
    dog = Watchdog(0.0, labels, give_up=lambda phase: None)
    code = user_code.function(getattr(item, "obj", None))
    codes = (code,) if code is not None else ()
    phase = Phase(item, "call", threading.get_ident(), 0.0, 0.0, codes=codes)
    seen = dog.stuck_now(phase)
    if seen is not None:
        yield from diagnose(Evidence(hang=seen), labels)


def _threads(labels: Labels) -> Section:
    names = {one.ident: one.name for one in threading.enumerate()}
    rows = []
    for ident, frames in thread_stacks.threads().items():
        if ident in names and not busy_threads.is_ours(ident):
            rows.append((names[ident], *_place(frames, labels)))
    more = len(rows) - MOST_THREADS
    return Section(
        title="threads",
        columns=("thread", "is at", "in"),
        rows=tuple(rows[:MOST_THREADS]),
        note=f"and {more} more" if more > 0 else "",
    )


def _place(frames: list[FrameType], labels: Labels) -> tuple[str, str]:
    """Return the innermost line of user code in a thread, and its function."""
    inner = thread_stacks.users_innermost(frames)
    if inner is not None:
        at = waits.place(inner, labels)
        return str(at), str(at.name)
    runs_loop = any(live_loops.loop_of(one) is not None for one in frames)
    return ("its event loop, which waits" if runs_loop else "no line of yours"), ""
