"""Errors that code swallowed although a passing test asserts on the result."""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import TYPE_CHECKING

from loopcheck.plugin.ours import guarded
from loopcheck.watch import swallowed as watch

if TYPE_CHECKING:
    import pytest

    from loopcheck.labels import Labels
    from loopcheck.plugin.judgement import Judgement
    from loopcheck.watch.swallowed import Entry


class SwallowedErrors:
    """The watch of one run, and its report when a test has passed."""

    def __init__(self, judgement: Judgement, labels: Labels) -> None:
        self.judgement, self.labels = judgement, labels
        self.end = watch.install()

    def anything(self) -> bool:
        """True if code swallowed an error and reported success. Passing tests pay for this."""
        if watch.entries:
            with self._guarded():
                return bool(self._at_fault())
        return False

    def over(self, made: pytest.TestReport, item: pytest.Item) -> None:
        """Look at the handled errors, if there were any."""
        if made.passed and not self.judgement.found.is_unended(item.nodeid):
            with self._guarded():
                if at_fault := self._at_fault():
                    self.judge(made, item, at_fault)

    def _guarded(self) -> AbstractContextManager[None]:
        return guarded("look at what a test swallowed", self.judgement.found.notes)

    def _at_fault(self) -> list[Entry]:
        entries = watch.allowing()
        if not entries:
            return []
        from loopcheck.source.catching.handlers import lets_pass  # late: most tests swallow nothing

        return [one for one in entries if lets_pass(one.code, one.line, one.names)]

    def judge(self, made: pytest.TestReport, item: pytest.Item, entries: list[Entry]) -> None:
        from loopcheck.labels import cells
        from loopcheck.modes.diagnose import diagnose
        from loopcheck.records import Evidence
        from loopcheck.runner import fixtures
        from loopcheck.source.catching import swallowing_handlers

        self.labels.cells = cells()
        swallowed = swallowing_handlers.of_test(item, entries, self.labels)
        if swallowed:
            test = fixtures.read_test(item, "call", self.labels)
            found = diagnose(Evidence(test=test, swallowed=swallowed), self.labels)
            self.judgement.put(made, item, self.judgement.found.unbeaten(found))
