"""Async tests that nothing awaits and that do not fail: they pass, or are skipped."""

from __future__ import annotations

from collections.abc import Generator, Iterable
from typing import TYPE_CHECKING, Any

import pytest

from loopcheck.plugin import ours

if TYPE_CHECKING:
    from loopcheck.labels import Labels
    from loopcheck.plugin.judgement import Judgement
    from loopcheck.records import Evidence

# Types of items that these tests can have: the rest is not looked at.
KINDS = frozenset(
    {("_pytest.unittest", "TestCaseFunction"), ("pytest_asyncio.plugin", "AsyncGenerator")}
)
REFUSES = "async_warn_and_skip"  # until pytest 8.4, which fails them


class Unrun:
    """Checks after collection whether there can be tests of this kind; mostly there are none."""

    def __init__(self, judgement: Judgement, labels: Labels) -> None:
        self.judgement, self.labels = judgement, labels

    def collected(self, session: pytest.Session) -> None:
        with ours.guarded("look at what was collected", self.judgement.found.notes):
            passed_over = frozenset(_passed_over(session.items))
            if passed_over or pytest.version_tuple < (8, 4):
                judge = Judge(self.judgement, self.labels, passed_over)
                session.config.pluginmanager.register(judge)


def _passed_over(items: Iterable[Any]) -> Iterable[str]:
    kinds = {one for one in set(map(type, items)) if (one.__module__, one.__name__) in KINDS}
    if not kinds:
        return
    from loopcheck.runner import async_tests

    for item in items:
        if type(item) in kinds and async_tests.passed_over(item):
            yield item.nodeid


class Judge:
    """Watches the outcome of these tests, and reports with their last report."""

    def __init__(self, judgement: Judgement, labels: Labels, passed_over: frozenset[str]) -> None:
        self.judgement, self.labels, self.passed_over = judgement, labels, passed_over
        self.seen: Evidence | None = None  # of the running test

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item, call: pytest.CallInfo[None]
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        made = yield
        with ours.guarded("look at what a test left", self.judgement.found.notes):
            if call.when == "teardown" and self.seen is not None:
                seen, self.seen = self.seen, None
                self._say(seen, made, item)
            elif self._in_vain(made, item.nodeid, call):
                self.seen = self._look(item, call)
        return made

    def _in_vain(self, made: pytest.TestReport, nodeid: str, call: Any) -> bool:
        """True if the test ended without running one of its lines, and did not fail."""
        if nodeid in self.passed_over:
            ran = made.when == "call" and made.passed
            return ran or (made.skipped and hasattr(made, "wasxfail"))
        return made.skipped and made.when == "call" and _refused(call.excinfo)

    def _say(self, seen: Evidence, made: pytest.TestReport, item: pytest.Item) -> None:
        from loopcheck.modes.diagnose import diagnose

        found = diagnose(seen, self.labels)
        self.judgement.found.beat(item.nodeid, found)
        self.judgement.put(made, item, found)

    def _look(self, item: pytest.Item, call: Any) -> Evidence:
        from loopcheck.case import failure_evidence, unrun_evidence
        from loopcheck.labels import cells

        self.labels.cells = cells()
        if item.nodeid in self.passed_over:
            return unrun_evidence.of_unrun(item, self.labels)
        return failure_evidence.of_failure(call.excinfo.value, self.labels, item)


def _refused(raised: Any) -> bool:
    trace = raised.tb if raised is not None else None
    while trace is not None:
        if trace.tb_frame.f_code.co_name == REFUSES:
            return True
        trace = trace.tb_next
    return False
