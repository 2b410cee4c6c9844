"""After a test: names the faults that it left without an error, and may fail it for them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import pytest

from loopcheck.plugin.ours import guarded
from loopcheck.plugin.report_attributes import SILENT

if TYPE_CHECKING:
    from loopcheck.modes.finding import Finding
    from loopcheck.plugin.found import Found
    from loopcheck.plugin.silent import Silent


ENDED = (0, 1)  # all tests have run, passing or not


class Judgement:
    """The hooks that check what tests leave."""

    def __init__(self, found: Found, silent: Silent) -> None:
        self.found, self.silent = found, silent

    def pytest_sessionstart(self, session: pytest.Session) -> None:
        self.silent.session = session

    def pytest_assertrepr_compare(self) -> None:
        """Look while an assertion fails: on its way to pytest the error may end what it is about.

        pytest calls this only for comparisons, and only for those that fail.
        """
        self.silent.compare()

    def over(self, made: pytest.TestReport, item: pytest.Item) -> None:
        """Look at what the test left: *made* is its last report, already explained if it failed."""
        with guarded("look at what a test left", self.found.notes):
            self._judge(made, item)

    def _judge(self, made: pytest.TestReport, item: pytest.Item) -> None:
        """Put the silent faults on the last report of the test."""
        unended = self.found.unended() | ({item.nodeid} if made.failed else set())
        found = self.silent.of_test(item, self.found.tests, unended)
        self.put(made, item, self.found.unbeaten(found))

    def put(self, made: pytest.TestReport, item: pytest.Item, found: Iterable[Finding]) -> None:
        """Put the findings *found* beside failures on *made*, or fail it for them."""
        from loopcheck.plugin.reporting import junit
        from loopcheck.report import json as json_words
        from loopcheck.report import text

        found = self.found.not_waived(found, item, made)
        if not found:
            return
        there = getattr(made, SILENT, [])
        setattr(made, SILENT, [*there, *(json_words.finding(one) for one in found)])
        junit.mark(item, made, found)
        counted = [one for one in found if one.code in self.found.codes.fail]
        if counted and made.outcome == "passed":
            made.outcome = "failed"
            made.longrepr = text.findings(counted)

    def pytest_warning_recorded(self, warning_message: Any, nodeid: str) -> None:
        """Record what was dropped after the last report of a test, or outside of all tests."""
        if warning_message.category is not RuntimeWarning or self._remote():
            return
        with guarded("look at what a test left", self.found.notes):
            item, known = self.found.item(nodeid), self.found
            found = self.silent.of_warning(warning_message, item, known.tests, known.unended())
            self._keep_late(found, item)

    def pytest_sessionfinish(self, session: pytest.Session, exitstatus: int) -> None:
        """Look once more: pytest releases the last test's objects after its last report."""
        known = self.found
        if exitstatus in ENDED and known.tests and self.silent.anything():
            with guarded("look at what a test left", known.notes):
                item = known.item(known.tests[-1])
                self._keep_late(self.silent.of_test(item, known.tests, known.unended()), item)
        self._fail_the_run(session)

    def _fail_the_run(self, session: pytest.Session) -> None:
        """Fail the run for what --loopcheck-fail names, if no test's report can show it now."""
        lost = [one for one in self.found.left if one.phase == "collect"]
        codes = {one.code for one in (*lost, *self.found.late)} & self.found.codes.fail
        if codes and session.exitstatus == pytest.ExitCode.OK:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED
            said = ", ".join(sorted(codes))
            self.found.notes.append(f"The run fails for {said}: --loopcheck-fail.")

    def _keep_late(self, found: Iterable[Finding], item: pytest.Item | None) -> None:
        for one in self.found.not_waived(self.found.unbeaten(found), item, None):
            self.found.late.append(one)
            self.found.keep_silent(one)

    def _remote(self) -> bool:
        """True if the tests run in workers, which look themselves."""
        return self.found.config.pluginmanager.hasplugin("dsession")
