"""The fixtures that a test could ask for here: how pytest would treat each, and what is wrong."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from loopcheck.facts import foreseen, journal
from loopcheck.facts.labels import Labels
from loopcheck.facts.probes import defined, source
from loopcheck.facts.records import DefinedFixture
from loopcheck.modes.diagnose import diagnose, merged
from loopcheck.modes.finding import Finding

Found = dict[str, tuple[Finding, ...]]


@dataclass(frozen=True, slots=True)
class Table:
    """All fixtures, and what is to be said of each by name."""

    fixtures: tuple[DefinedFixture, ...]
    found: Found
    definitions: dict[str, Any]  # live: only until the session ends


def read(node: Any, labels: Labels, *, last_run: bool) -> Table:
    """Return what a test at *node* could ask for; *last_run* was one of these fixtures."""
    definitions = defined.within_reach(node)
    rows = defined.read_defined(definitions, node, labels)
    users: dict[str, list[str]] = {}
    for row in rows:
        for need in row.fixture.needs:
            users.setdefault(need, []).append(row.fixture.name)
    run = journal.last() if last_run else None
    loops = _loops(run)
    rows = tuple(
        replace(
            row,
            needed_by=tuple(u for u in users.get(row.fixture.name, ()) if u != row.fixture.name),
            last_run=loops.get(row.fixture.name),
        )
        for row in rows
    )
    known = run.findings if run is not None else ()
    kept = [one for one in known if isinstance(one, Finding)]
    whole = foreseen.run_of(node, labels)
    found = {
        row.fixture.name: _found(row, definitions[row.fixture.name], node, whole, labels, kept)
        for row in rows
    }
    return Table(rows, found, definitions)


def _found(
    row: DefinedFixture, definition: Any, node: Any, run: Any, labels: Labels, kept: list[Finding]
) -> tuple[Finding, ...]:
    foreseen_ones = [
        finding
        for one in foreseen.evidence(row, definition, node, run, labels)
        for finding in diagnose(one)
    ]
    return merged([*foreseen_ones, *_of_last_run(row, kept)])


def _of_last_run(row: DefinedFixture, kept: Iterable[Finding]) -> list[Finding]:
    """Return what the last run found in this fixture's own lines."""
    place = row.fixture.place
    if place is None:
        return []
    return [
        one
        for one in kept
        if any(at is not None and at == place for at in (one.where, one.made_at))
    ]


def _loops(run: journal.Run | None) -> dict[str, str]:
    """Return the loops on which a run set fixtures up, by name."""
    lanes = run.timeline.lanes if run is not None else ()
    return {
        span.name: lane.loop.label
        for lane in lanes
        for span in lane.spans
        if span.kind == "fixture"
    }


def lines_of(definition: Any) -> tuple[str, Any]:
    """Return the file of a definition, and its function in the syntax tree, None without one."""
    function = getattr(definition.func, "__func__", definition.func)
    code = getattr(function, "__code__", None)
    if code is None:
        return "", None
    return code.co_filename, source.function_at(code.co_filename, code.co_firstlineno)
