"""The data for the picture of a run: recorded as fixtures come and go, and at a failure."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest

from loopcheck.runner import loop_scopes
from loopcheck.watch import loops as watch

if TYPE_CHECKING:  # imported only when there is something to explain: most runs have nothing
    from loopcheck.case.run_timeline import Crossing, FixtureLine
    from loopcheck.labels import Labels
    from loopcheck.modes.finding import Finding
    from loopcheck.plugin.found import Found
    from loopcheck.records import Evidence, LoopRecord, Timeline


class Picture:
    """Lanes, bars and crosses of one run. Empty under xdist: there the loops are elsewhere."""

    def __init__(self, found: Found, labels: Labels) -> None:
        self.found, self.labels = found, labels
        self.since = watch.LEDGER.serial  # a kernel's own loops are not part of the run
        self.scopes: dict[str, str | None] = {}
        self.named: dict[int, LoopRecord] = {}
        self.crossings: list[Crossing] = []
        self.wide: dict[Any, tuple[int, int | None]] = {}  # fixtures: first and last test
        self.narrow: list[FixtureLine] = []
        self.away = False
        self.hidden: list[range] = []  # numbers of loops

    @contextmanager
    def looking_away(self) -> Iterator[None]:
        """Record nothing of what happens meanwhile."""
        before, self.away = watch.LEDGER.serial, True
        try:
            yield
        finally:
            self.away = False
            self.hidden.append(range(before + 1, watch.LEDGER.serial + 1))

    def up(self, fixturedef: Any) -> None:
        """Record that a fixture for more than one test begins."""
        if not self.away:
            self.wide[fixturedef] = (len(self.found.tests) - 1, None)

    def down(self, fixturedef: Any) -> None:
        if fixturedef in self.wide:
            self.wide[fixturedef] = (self.wide[fixturedef][0], len(self.found.tests) - 1)

    def note(self, item: pytest.Item, evidence: Evidence, found: tuple[Finding, ...]) -> None:
        """Record what the picture needs of a failure."""
        if self.away:
            return
        from loopcheck.case.run_timeline import Crossing, FixtureLine

        index = len(self.found.tests) - 1
        self.note_scopes(item.session)
        here = evidence.used_on
        for loop in (here, *(thing.loop for thing in evidence.bound)):
            if loop is not None and loop.born:
                self.named[loop.born] = loop
        for fixture in evidence.fixtures:
            if fixture.loop is not None and fixture.scope == "function":
                line = FixtureLine(
                    name=fixture.name, loop=fixture.loop.born, first=index, last=index
                )
                self.narrow.append(line)
        homes = {thing.subject.name: thing.loop.born for thing in evidence.bound}
        for one in found:
            name = one.subject.name if one.subject else ""
            self.crossings.append(
                Crossing(
                    name=name,
                    code=one.code,
                    home=homes.get(name),
                    used_on=here.born if here else None,
                    test=index,
                )
            )

    def note_scopes(self, session: pytest.Session) -> None:
        for test in session.items if not self.scopes else ():
            self.scopes[test.nodeid] = _loop_scope(test)

    def timeline(self) -> Timeline:
        """Return the timeline of the run so far."""
        from loopcheck.case.run_timeline import TestLine, timeline

        tests = [
            TestLine(
                nodeid=nodeid,
                name=self.labels.node(nodeid).rpartition("::")[2],
                outcome=self.found.outcomes.get(nodeid, "passed"),
                loop_scope=self.scopes.get(nodeid),
            )
            for nodeid in self.found.tests
        ]
        return timeline(
            tests, self._entries(), self.named, self._fixtures(), self.crossings, self.labels
        )

    def _fixtures(self) -> list[FixtureLine]:
        """Return the fixtures that pytest-asyncio ran, each with its loop."""
        from loopcheck.case.run_timeline import FixtureLine
        from loopcheck.runner.fixtures import fixture_loop_scope

        lines = list(self.narrow)
        for definition, (first, last) in self.wide.items():
            scope = fixture_loop_scope(definition, self.found.config)
            loop = next((e for e in self._entries() if e.scope == scope and _up(e, first)), None)
            if scope is not None and loop is not None:
                name = definition.argname
                lines.append(FixtureLine(name=name, loop=loop.serial, first=first, last=last))
        return lines

    def _entries(self) -> list[watch.Entry]:
        drawn = [entry for entry in list(watch.LEDGER.entries) if entry.serial > self.since]
        return [one for one in drawn if not any(one.serial in away for away in self.hidden)]


def _up(entry: watch.Entry, test: int) -> bool:
    """True if a loop was open in the test of that number."""
    return entry.born - 1 <= test and (entry.died is None or test <= entry.died - 1)


def _loop_scope(item: pytest.Item) -> str | None:
    try:
        return loop_scopes.of_test(item)
    except BaseException:  # a wrong mark fails here: pytest has already reported it
        return None
