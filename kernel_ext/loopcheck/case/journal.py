"""The one bounded store of what recent runs left: the plugin writes, the magics read.

It keeps findings as opaque values: facts know nothing of modes.
"""

from __future__ import annotations

from collections import deque

from loopcheck.labels import LOCK
from loopcheck.light import frozen
from loopcheck.records import FixtureRecord, Timeline

EMPTY = Timeline()
KEPT = 20  # runs; a notebook that runs cells all day must not grow


@frozen
class Run:
    """What one run (a pytest session, or a failing cell) left behind."""

    source: str  # "%%ipytest", "%pytest shop", "cell 5"
    findings: tuple[object, ...] = ()  # modes.finding.Finding, best first
    timeline: Timeline = EMPTY
    fixtures: tuple[FixtureRecord, ...] = ()
    root: str = ""  # the folder that the places of the fixtures are told from
    tests: int = 0
    failed: int = 0
    unexplained: str = ""  # what to say where somebody asked for no explanation


_runs: deque[Run] = deque(maxlen=KEPT)


def add(run: Run) -> None:
    """Keep *run* as the latest."""
    with LOCK:
        _runs.append(run)


def last() -> Run | None:
    """Return the latest run, or None."""
    with LOCK:
        return _runs[-1] if _runs else None


def last_of_tests() -> Run | None:
    """Return the latest run that had tests, whatever cells have failed since."""
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
