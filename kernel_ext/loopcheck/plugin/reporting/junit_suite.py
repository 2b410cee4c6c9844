"""The codes that came too late for a test's own report, as properties of the suite in JUnit XML."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from loopcheck.labels import parameters_masked
from loopcheck.plugin.reporting.junit import NAME

if TYPE_CHECKING:
    from loopcheck.plugin.found import Found


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
