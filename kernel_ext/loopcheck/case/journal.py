"""The one bounded store of what recent runs left: the plugin writes it, the magics read it.

It keeps findings as opaque values: facts know nothing about modes.
"""

from __future__ import annotations

from collections import deque

from loopcheck.labels import LOCK
from loopcheck.light import frozen
from loopcheck.records import FixtureRecord, Timeline

EMPTY = Timeline()
KEPT = 20  # runs; memory must not grow in a notebook that runs cells all day
SO_FAR = 100  # findings of the run in progress


@frozen
class Run:
    """What one run (a pytest session, or a failing cell) left behind."""

    source: str  # "%%ipytest", "%pytest shop", "cell 5"
    findings: tuple[object, ...] = ()  # modes.finding.Finding, best first
    timeline: Timeline = EMPTY
    fixtures: tuple[FixtureRecord, ...] = ()
    root: str = ""  # the folder that the fixtures' paths are relative to
    tests: int = 0
    failed: int = 0
    unexplained: str = ""  # shown instead of findings, for a run without explanations


_runs: deque[Run] = deque(maxlen=KEPT)
_so_far: deque[object] = deque(maxlen=SO_FAR)


def add(run: Run) -> None:
    """Store *run* as the latest."""
    with LOCK:
        _runs.append(run)
        _so_far.clear()


def note_so_far(finding: object) -> None:
    """Store a finding of the run in progress."""
    with LOCK:
        _so_far.append(finding)


def so_far() -> tuple[object, ...]:
    """Return the latest findings of the run in progress, in the order in which they were made."""
    with LOCK:
        return tuple(_so_far)


def last() -> Run | None:
    """Return the latest run, or None."""
    with LOCK:
        return _runs[-1] if _runs else None


def last_of_tests() -> Run | None:
    """Return the latest run that had tests, even if cells have failed since."""
    with LOCK:
        return next((run for run in reversed(_runs) if run.tests), None)


def root_of(source: str) -> str | None:
    """Return the folder of the latest run of *source*."""
    with LOCK:
        return next((run.root for run in reversed(_runs) if run.source == source), None)


def clear() -> int:
    """Forget all runs; return how many there were."""
    with LOCK:
        count = len(_runs)
        _runs.clear()
        return count
