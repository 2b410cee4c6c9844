"""Counts what tests leave in the application's containers, for when a later test fails."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from loopcheck.light import replace
from loopcheck.plugin import ours
from loopcheck.process.growing_containers import Grown
from loopcheck.runner import fixture_tables
from loopcheck.watch.loops import LEDGER

if TYPE_CHECKING:
    from loopcheck.labels import Labels
    from loopcheck.plugin.found import Found
    from loopcheck.records import Evidence


class LeftOver:
    """The size of those containers before each test, and with its fixtures up."""

    def __init__(self, found: Found) -> None:
        self.found = found
        self.grown = Grown()
        self.stories = self.grown.stories  # none: a passing test pays nothing
        self.look = ours.Looking("look at what tests leave", found.notes)

    def collected(self) -> None:
        self.loaded()

    def loaded(self) -> None:
        """Called after imports."""
        self.look(self.grown.find)

    def up(self, fixturedef: Any, value: object) -> None:
        """Called with the value of a fixture for several tests."""
        if value is not None:
            now = partial(fixture_tables.value_of, fixturedef)
            self.look(self.grown.fixture_up, fixturedef, now)

    def down(self, fixturedef: Any) -> None:
        self.look(self.grown.fixture_down, fixturedef)

    def begin(self) -> None:
        """Called when a test begins."""
        self.look(self.grown.begin, LEDGER.moment)

    def set_up(self) -> None:
        """Called when the fixtures of a test are up."""
        self.look(self.grown.set_up)

    def explains(
        self, evidence: Evidence, error: BaseException, item: Any, labels: Labels
    ) -> Evidence:
        """Return *evidence* with the container in which an earlier test left something."""
        if self.look.failed or evidence.dirt is not None or evidence.shared is not None:
            return evidence
        with ours.guarded("look at what tests left", self.found.notes):
            full = [one for one in self.grown.full() if one.owner is not item.module]
            if full:
                from loopcheck.process import failure, leftover_entries

                found = leftover_entries.read(tuple(failure.chain(error)), item, full, labels)
                return replace(evidence, dirt=found)
        return evidence
