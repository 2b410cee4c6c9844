"""What this process waits for at this moment: the hang if it is one, its tasks, its threads.

A signal of the run asks so, and `loopcheck attach`. The main thread answers, between two steps.
"""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Iterator
from types import FrameType
from typing import Any

from loopcheck.labels import Labels
from loopcheck.light import dataclass
from loopcheck.modes.diagnose import diagnose
from loopcheck.modes.finding import Finding
from loopcheck.process import thread_stacks
from loopcheck.process.frames import module_of
from loopcheck.process.loops import live_loops
from loopcheck.process.waiting import busy_threads, waits
from loopcheck.records import Evidence, Look, Place
from loopcheck.report import json as report
from loopcheck.report import looking, text
from loopcheck.report.sections import Section
from loopcheck.source import user_code
from loopcheck.version import __version__
from loopcheck.watch.hang.hang_phase import Phase
from loopcheck.watch.hang.hang_reading import Reader

SCHEMA = 1
PARTS = ("loops", "tasks")
MOST_THREADS = 20
RUNNER = "_pytest.runner"


@dataclass(frozen=True, kw_only=True)
class ThreadPlace:
    """A thread, and the innermost line of the project that it is in."""

    name: str
    place: Place | None
    runs_loop: bool


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """What a process waits for."""

    process: int
    test: str | None
    findings: tuple[Finding, ...]
    look: Look
    threads: tuple[ThreadPlace, ...]


def read(labels: Labels) -> Waiting:
    """Return what this thread's loop, and all other threads, wait for."""
    item = running_item()
    return Waiting(
        process=os.getpid(),
        # A program that a test starts inherits the variable.
        test=os.environ.get("PYTEST_CURRENT_TEST") if item is not None else None,
        findings=tuple(_hangs(labels, item)),
        look=looking.look(PARTS, ()),
        threads=tuple(_threads(labels)),
    )


def as_text(seen: Waiting) -> str:
    """Return *seen* in words."""
    where = f", in {seen.test}" if seen.test is not None else ""
    parts = [f"loopcheck: what waits now{where} (process {seen.process})"]
    parts += [text.finding(one) for one in seen.findings]
    parts.append(looking.view(seen.look, PARTS, width=text.WIDTH).text)
    parts.append(text.section(_table(seen.threads), text.WIDTH))
    return "\n\n".join(parts)


def as_json(seen: Waiting) -> dict[str, Any]:
    """Return *seen* as plain values, without unknown ones."""
    look = json.loads(report.look(seen.look))
    known = {
        "schema": SCHEMA,
        "loopcheck": __version__,
        "process": seen.process,
        "test": seen.test,
        "findings": [report.finding(one) for one in seen.findings],
        "loops": look.get("loops", []),
        "tasks": look.get("tasks", []),
        "threads": [_thread_json(one) for one in seen.threads],
    }
    return {key: value for key, value in known.items() if value is not None}


def as_answer(seen: Waiting, workers: list[int]) -> dict[str, Any]:
    """Return *seen* for another process: *workers* are the processes to ask, too."""
    return {"text": as_text(seen), "json": as_json(seen), "workers": workers}


def running_item() -> Any:
    """Return the test that pytest runs in this thread, None if it runs none."""
    for frame in thread_stacks.of(threading.get_ident()):
        if module_of(frame) == RUNNER:
            item = thread_stacks.locals_of(frame).get("item")
            if item is not None:
                return item
    return None


def _hangs(labels: Labels, item: Any) -> Iterator[Finding]:
    """Yield the finding for a test that nothing in this process can wake."""
    code = user_code.function(getattr(item, "obj", None))
    codes = (code,) if code is not None else ()
    phase = Phase(item, "call", threading.get_ident(), 0.0, 0.0, codes=codes)
    seen = Reader(0.0, labels).stuck_now(phase)
    if seen is not None:
        yield from diagnose(Evidence(hang=seen), labels)


def _threads(labels: Labels) -> Iterator[ThreadPlace]:
    names = {one.ident: one.name for one in threading.enumerate()}
    for ident, frames in thread_stacks.threads().items():
        if ident in names and not busy_threads.is_ours(ident):
            yield _thread(names[ident], frames, labels)


def _thread(name: str, frames: list[FrameType], labels: Labels) -> ThreadPlace:
    inner = thread_stacks.users_innermost(frames)
    return ThreadPlace(
        name=name,
        place=waits.place(inner, labels) if inner is not None else None,
        runs_loop=any(live_loops.loop_of(one) is not None for one in frames),
    )


def _thread_json(one: ThreadPlace) -> dict[str, Any]:
    place = one.place
    where = {"file": place.file, "line": place.line, "name": place.name} if place else None
    return {"name": one.name, **({"where": where} if where else {})}


def _table(threads: tuple[ThreadPlace, ...]) -> Section:
    more = len(threads) - MOST_THREADS
    return Section(
        title="threads",
        columns=("thread", "is at", "in"),
        rows=tuple((one.name, *_in_words(one)) for one in threads[:MOST_THREADS]),
        note=f"and {more} more" if more > 0 else "",
    )


def _in_words(one: ThreadPlace) -> tuple[str, str]:
    if one.place is not None:
        return str(one.place), str(one.place.name)
    return ("its event loop, which waits" if one.runs_loop else "no line of yours"), ""
