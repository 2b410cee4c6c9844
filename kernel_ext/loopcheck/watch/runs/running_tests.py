"""The tests that run in this process now: which one, in which phase, what has passed so far.

Any thread may ask. We read pytest by attribute and never import it; each look is guarded.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterable, Iterator, Mapping
from types import FrameType
from typing import Any

from loopcheck.labels import Labels, parameters_masked
from loopcheck.light import dataclass, frozen
from loopcheck.process import objects
from loopcheck.process.frames import is_at
from loopcheck.records import SCOPES, FixtureRecord, LoopRecord, Outcome, Phase
from loopcheck.runner import fixture_tables, fixtures
from loopcheck.watch.runs.pytest_runs import TestRun

PHASES: dict[str, Phase] = {
    "pytest_runtest_setup": "setup",
    "pytest_runtest_call": "call",
    "pytest_runtest_teardown": "teardown",
}
OUTCOMES: dict[str, Outcome] = {
    "passed": "passed",
    "failed": "failed",
    "error": "failed",
    "skipped": "skipped",
}
MOST = 100  # finished tests to keep of a run


@frozen
class RunningTests:
    """A run of pytest in a thread of this process."""

    test: str | None = None  # the running one, None between two tests
    phase: Phase | None = None
    done: tuple[tuple[str, Outcome], ...] = ()  # the latest, in the order in which they ended
    fixtures: tuple[FixtureRecord, ...] = ()  # set up now, in user code


@dataclass(frozen=True)
class Seen:
    """A run as a record, and its values where a search for bound objects may start."""

    tests: RunningTests
    roots: tuple[tuple[str, object], ...]


def read(
    stacks: Mapping[int, Iterable[FrameType]], labels: Labels, loops: Mapping[int, LoopRecord]
) -> list[Seen]:
    """Return the runs of pytest in the threads with these frames; *loops* are known, by id."""
    return [_read(run, labels, loops) for run in _runs(stacks)]


def _runs(stacks: Mapping[int, Iterable[FrameType]]) -> Iterator[TestRun]:
    here = threading.get_ident()
    for thread, frames in stacks.items():
        mains = [one for one in frames if is_at(one, "_pytest.config", "main")]
        if mains and thread != here:
            yield TestRun(thread, mains[-1])


def _read(run: TestRun, labels: Labels, loops: Mapping[int, LoopRecord]) -> Seen:
    item, session = run.local("item", "Item"), run.local("session", "Session")
    phases = (PHASES.get(one.f_code.co_name) for one in run.frames())
    tests = RunningTests(
        test=_name(str(item.nodeid), labels) if item is not None else None,
        phase=next(filter(None, phases), None),
        done=tuple(_done(session, labels)),
        fixtures=tuple(_live(item, labels, loops)) if item is not None else (),
    )
    roots = fixtures.roots(item) if item is not None else ()
    return Seen(tests, tuple((root.name, root.value) for root in roots))


def _done(session: Any, labels: Labels) -> list[tuple[str, Outcome]]:
    """Return the tests that the terminal has reported on."""
    plugins = getattr(getattr(session, "config", None), "pluginmanager", None)
    terminal = plugins.getplugin("terminalreporter") if plugins is not None else None
    stats = getattr(terminal, "stats", None)
    reports = [
        (float(getattr(report, "stop", 0.0)), str(report.nodeid), outcome)
        for name, outcome in OUTCOMES.items()
        for report in list((stats or {}).get(name, ()))[-MOST:]
        if hasattr(report, "nodeid")
    ]
    latest = sorted(reports, key=lambda one: one[0])[-MOST:]
    return [(_name(nodeid, labels), outcome) for _, nodeid, outcome in latest]


def _name(nodeid: str, labels: Labels) -> str:
    return parameters_masked(test_name(labels.node(nodeid)))


def test_name(nodeid: str) -> str:
    """Return the test without the file, which the module of a cell only repeats."""
    return nodeid.partition("::")[2] or nodeid


def _wide_loops(item: Any) -> dict[str, asyncio.AbstractEventLoop]:
    """Return pytest-asyncio's loops by scope, also those that the item did not request itself."""
    found = {}
    for scope in SCOPES[1:]:
        for definition in fixtures.visible(f"_{scope}{fixtures.RUNNER}", item):
            loop = objects.peek(fixture_tables.value_of(definition), "_loop")
            if objects.is_loop(loop):
                found[scope] = loop
    return found


def _live(item: Any, labels: Labels, loops: Mapping[int, LoopRecord]) -> Iterator[FixtureRecord]:
    """Yield the user's fixtures that are set up now, those of wider scopes included."""
    scopes = {
        scope: record
        for scope, loop in (_wide_loops(item) | fixtures.runners(item)).items()
        if (record := loops.get(id(loop))) is not None
    }
    known = {one.name: one for one in fixtures.read_fixtures(item, labels, scopes)}
    for name, definition in sorted(fixtures.definitions(item).items()):
        cached = getattr(definition, "cached_result", None)
        if name in known and cached and cached[2] is None:
            yield known[name]
