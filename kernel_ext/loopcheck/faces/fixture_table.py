"""The fixtures that a test could ask for here: how pytest would treat each, and what is wrong."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from pathlib import PurePath
from typing import Any, cast

from loopcheck.facts import foreseen, journal
from loopcheck.facts.labels import Labels
from loopcheck.facts.probes import defined, source
from loopcheck.facts.records import DefinedFixture, FixtureRecord, Place, SessionRecord
from loopcheck.modes.diagnose import diagnose, merged
from loopcheck.modes.finding import Finding

Found = dict[str, tuple[Finding, ...]]


@dataclass(frozen=True, slots=True)
class Table:
    """All fixtures, and what is to be said of each by name."""

    fixtures: tuple[DefinedFixture, ...]
    found: Found
    definitions: dict[str, Any]  # live: only until the session ends


def read(node: Any, labels: Labels, up: Collection[Any] = ()) -> Table:
    """Return what a test at *node* could ask for; the definitions *up* are, in this kernel."""
    definitions = defined.within_reach(node)
    rows = defined.read_defined(definitions, node, labels)
    users: dict[str, list[str]] = {}
    for row in rows:
        for need in row.fixture.needs:
            users.setdefault(need, []).append(row.fixture.name)
    last, tests = journal.last(), journal.last_of_tests()
    rows = tuple(
        replace(
            row,
            needed_by=tuple(u for u in users.get(row.fixture.name, ()) if u != row.fixture.name),
            up=any(definitions[row.fixture.name] is one for one in up),
            last_run=_last_run(row, tests, labels),
        )
        for row in rows
    )
    whole = foreseen.run_of(node, labels)
    found = {
        row.fixture.name: merged(
            [
                *_foreseen(row, definitions[row.fixture.name], node, whole, labels),
                *_of_last_run(row, last, labels),
            ]
        )
        for row in rows
    }
    return Table(rows, found, definitions)


def _foreseen(
    row: DefinedFixture, definition: Any, node: Any, run: SessionRecord, labels: Labels
) -> Iterator[Finding]:
    for one in foreseen.evidence(row, definition, node, run, labels):
        yield from diagnose(one)


def _of_last_run(row: DefinedFixture, run: journal.Run | None, labels: Labels) -> Iterator[Finding]:
    """Yield what the last run found in this fixture's own lines."""
    here = row.fixture.place
    if run is None or here is None:
        return
    for one in run.findings:
        places = (one.where, one.made_at) if isinstance(one, Finding) else ()
        if any(at is not None and _same(at, run, here, labels) for at in places):
            yield cast(Finding, one)


def _last_run(row: DefinedFixture, run: journal.Run | None, labels: Labels) -> FixtureRecord | None:
    """Return this fixture as a run of tests used it, with the loops that it was set up on."""
    here = row.fixture.place
    if run is None or here is None:
        return None
    same = (one for one in run.fixtures if one.place and _same(one.place, run, here, labels))
    return next(same, None)


def _same(there: Place, run: journal.Run, here: Place, labels: Labels) -> bool:
    """Return whether a place of a run's, told from the run's own root, is one of ours."""
    if (there.line, there.name) != (here.line, here.name):
        return False
    if here.file.startswith("cell"):
        return there.file == here.file
    return PurePath(run.root or labels.root, there.file) == PurePath(labels.root, here.file)


def lines_of(definition: Any) -> tuple[str, Any]:
    """Return the file of a definition, and its function in the syntax tree, None without one."""
    function = getattr(definition.func, "__func__", definition.func)
    code = getattr(function, "__code__", None)
    if code is None:
        return "", None
    return code.co_filename, source.function_at(code.co_filename, code.co_firstlineno)
