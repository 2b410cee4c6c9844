"""Limits that run out in a test: which test it is, and what its failure then has to say."""

from __future__ import annotations

from typing import TYPE_CHECKING

from loopcheck.facts.watch import limits

if TYPE_CHECKING:
    import pytest

    from loopcheck.facts.labels import Labels
    from loopcheck.facts.records import Evidence


class Limited:
    """Knows which test runs."""

    def __init__(self, labels: Labels) -> None:
        self.labels = labels
        self.limits = limits.Limits(labels)
        self.end = self.limits.install()

    def begin(self, item: pytest.Item) -> None:
        self.limits.item = item
        self.limits.begin()

    def over(self) -> None:
        self.limits.item = None

    def explains(self, evidence: Evidence, error: BaseException, item: pytest.Item) -> Evidence:
        """Return *evidence* with what the test waited for in vain."""
        from loopcheck.facts import in_vain

        return in_vain.of_failure(evidence, error, item, self.limits, self.labels)
