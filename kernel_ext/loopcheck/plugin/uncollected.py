"""A file that pytest could not import: the error is explained like a test's."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from loopcheck.light import replace
from loopcheck.plugin import ours
from loopcheck.plugin.report_attributes import KEY
from loopcheck.plugin.reporting import text_on_report

if TYPE_CHECKING:
    from loopcheck.labels import Labels
    from loopcheck.plugin.found import Found


class Uncollected:
    """Receives what pytest could not collect; other runs pay nothing."""

    def __init__(self, found: Found, labels: Labels, *, show: bool) -> None:
        self.found, self.labels, self.show = found, labels, show

    def pytest_exception_interact(self, node: Any, call: Any, report: Any) -> None:
        if isinstance(report, pytest.CollectReport) and call.excinfo is not None:
            with ours.guarded("look at what could not be collected", self.found.notes):
                self.explain(node, call.excinfo.value, report)

    def explain(self, node: Any, error: BaseException, report: pytest.CollectReport) -> None:
        from loopcheck.case import failure_evidence
        from loopcheck.labels import cells
        from loopcheck.modes.diagnose import diagnose
        from loopcheck.report import json as json_words
        from loopcheck.report import text

        self.labels.cells = cells()
        evidence = failure_evidence.of_failure(error, self.labels, phase="collect")
        told = [
            replace(one, test=self.labels.node(node.nodeid), phase="collect")
            for one in diagnose(evidence, self.labels)
        ]
        found = self.found.not_waived(told, None, None)
        if found:
            setattr(report, KEY, [json_words.finding(one) for one in found])
            if self.show:
                shown = "\n\n".join(text.finding(one) for one in found)
                text_on_report.put_text(report, shown)

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """Take the findings of this process, or of a worker, which sends its report along."""
        if KEY in vars(report):
            with ours.guarded("read what a worker said", self.found.notes):
                self.found.hear_collected(report)
