"""The codes as properties: of the test in JUnit XML, and for all who read a report's properties."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import pytest

from loopcheck.labels import parameters_masked

if TYPE_CHECKING:
    from loopcheck.modes.finding import Finding
    from loopcheck.plugin.found import Found

NAME = "loopcheck"


def mark(item: pytest.Item, made: pytest.TestReport, found: Iterable[Finding]) -> None:
    """Put the codes of what was *found* in this very test on its reports.

    JUnit XML takes them from the last one, which has what the item has by then.
    """
    codes = [
        one.code for one in found if one.test in (None, item.nodeid, parameters_masked(item.nodeid))
    ]
    for kept in (item.user_properties, made.user_properties) if codes else ():
        said = [code for name, value in kept if name == NAME for code in str(value).split(",")]
        kept[:] = [one for one in kept if one[0] != NAME]
        kept.append((NAME, ",".join(dict.fromkeys([*said, *codes]))))


class Latecomers:
    """Faults of tests whose reports were gone by then stand among the suite's properties."""

    def __init__(self, found: Found) -> None:
        self.found = found
        self.said: set[tuple[str, str]] = set()

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        for name, value in report.user_properties:
            if name == NAME:
                test = parameters_masked(report.nodeid)
                self.said.update((test, code) for code in str(value).split(","))

    @pytest.hookimpl(tryfirst=True)  # before the file is written
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        xml = self._xml(session.config)
        if xml is None:
            return
        for one in self.found.findings:
            if (one.test or "", one.code) not in self.said:
                xml.add_global_property(NAME, f"{one.code} {one.test or ''}".rstrip())

    def _xml(self, config: pytest.Config) -> Any:
        if not config.getoption("xmlpath", None):
            return None
        from _pytest.junitxml import xml_key

        return config.stash.get(xml_key, None)
