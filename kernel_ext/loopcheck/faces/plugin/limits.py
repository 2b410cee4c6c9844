"""Limits that run out in a test: which test it is, and what its failure then has to say."""

from __future__ import annotations

from collections.abc import Generator
from typing import TYPE_CHECKING

import pytest

from loopcheck.facts.watch import limits

if TYPE_CHECKING:
    from loopcheck.facts.labels import Labels
    from loopcheck.facts.records import Evidence


class Limited:
    """The hooks that say which test runs."""

    def __init__(self, labels: Labels) -> None:
        self.labels = labels
        self.limits = limits.Limits(labels)
        self.end = self.limits.install()

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Generator[None, object, object]:
        self.limits.item = item
        self.limits.begin()
        try:
            return (yield)
        finally:
            self.limits.item = None

    def explains(self, evidence: Evidence, error: BaseException, item: pytest.Item) -> Evidence:
        """Return *evidence* with what the test waited for in vain."""
        from loopcheck.facts import in_vain

        return in_vain.of_failure(evidence, error, item, self.limits, self.labels)
