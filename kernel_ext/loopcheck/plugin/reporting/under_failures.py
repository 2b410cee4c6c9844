"""Before the terminal shows the failures: adds findings right under them.

What a failed test left silently is known only after its failure is reported: it appears there now,
with why and fix. Paths become relative to where pytest was started. If the summary shows findings,
in brief or as JSON, they are removed here.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from typing import TYPE_CHECKING, Any

import pytest

from loopcheck.labels import parameters_masked
from loopcheck.plugin.ours import guarded
from loopcheck.plugin.report_attributes import SILENT
from loopcheck.plugin.reporting import text_on_report

if TYPE_CHECKING:  # imported only when there is something to explain: most runs have nothing
    from loopcheck.modes.finding import Finding
    from loopcheck.plugin.run_state import RunState

LEAD = "not in the traceback, but found in this test:"


class UnderFailures:
    """Only a terminal has that hook: no worker, and not with `no:terminal`."""

    def __init__(self, run: RunState) -> None:
        self.run, self.found = run, run.found

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_terminal_summary(self, terminalreporter: Any) -> Generator[None, object, object]:
        if self.found.findings:
            with guarded("say what failed tests left", self.found.notes):
                if self.run.format.only_counts(terminalreporter):
                    self.put(terminalreporter.stats)
                else:
                    self.remove(terminalreporter.stats)
        return (yield)

    def remove(self, stats: dict[str, list[Any]]) -> None:
        """Remove our text from the failures: the summary has it."""
        from loopcheck.report import json as json_words
        from loopcheck.report import text

        for report in _failures(stats):
            text_on_report.put_text(report, None)
            if _is_verdict(report):
                found = [json_words.read_finding(one) for one in getattr(report, SILENT)]
                counted = [one for one in found if one.code in self.found.codes.fail]
                report.longrepr = "\n".join(text.summary(counted))

    def put(self, stats: dict[str, list[Any]]) -> None:
        from loopcheck.modes.diagnose import fault_of
        from loopcheck.plugin.reporting import clickable, fix_hints, one_cause_once
        from loopcheck.plugin.reporting.causes import is_reason

        shown = _failures(stats)
        judged = {one.nodeid for one in shown if _is_verdict(one)}
        with guarded("find failures of one cause", self.found.notes):
            one_cause_once.shorten(shown)
        left: dict[str | None, list[Finding]] = {}
        for found in self.found.left:
            if is_reason(found):
                left.setdefault(found.test, []).append(found)
        first: dict[frozenset[object], str] = {}  # the test that has them in full, by faults
        for report in shown:
            name = parameters_masked(report.nodeid)
            mine = left.pop(name, [])
            if mine and report.nodeid not in judged and text_on_report.read_text(report) is None:
                test = first.setdefault(frozenset(map(fault_of, mine)), name)
                text_on_report.put_text(report, _said(mine, test if test != name else None))
        with guarded("look for what can be mended", self.found.notes):
            fix_hints.put(self.run, shown)
        if here := clickable.elsewhere(self.found.config):
            for report in shown:
                _move(report, here)


def _failures(stats: dict[str, list[Any]]) -> list[Any]:
    return [*stats.get("failed", ()), *stats.get("error", ())]


def _said(found: list[Finding], first: str | None) -> str:
    """Return the findings in full, or a line if the test *first* has the same ones."""
    from loopcheck.modes.diagnose import merged
    from loopcheck.report import text

    if first is not None:
        return f"{LEAD}\n{text.as_in(merged(found), first)}"
    return f"{LEAD}\n" + "\n\n".join(text.finding(one) for one in merged(found))


def _is_verdict(report: Any) -> bool:
    """True if loopcheck failed that test: then its message is already ours."""
    return hasattr(report, SILENT) and type(report.longrepr) is str


def _move(report: Any, here: Callable[[str], str]) -> None:
    said = text_on_report.read_text(report)
    if said is not None:
        text_on_report.put_text(report, here(said))
    if _is_verdict(report):
        report.longrepr = here(report.longrepr)
