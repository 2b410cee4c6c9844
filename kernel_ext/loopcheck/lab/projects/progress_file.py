"""A pytest plugin: writes which test runs and what became of the others, line by line.

A live panel in the notebook reads the file while the tests of `%pytest` run.
"""

import json
from pathlib import Path
from typing import Any

import pytest

from loopcheck.labels import parameters_masked

OPTION = "--loopcheck-lab-progress"
MOST = 2_000  # lines; then the file begins anew


class Progress:
    """Writes the file."""

    def __init__(self, file: Path) -> None:
        self.file = file.open("a", encoding="utf-8", buffering=1)
        self.lines = 0

    def pytest_runtest_logstart(self, nodeid: str) -> None:
        self._write(nodeid, "setup")

    def pytest_runtest_logreport(self, report: Any) -> None:
        if report.failed or report.skipped:
            self._write(report.nodeid, report.outcome)
        elif report.when != "teardown":
            self._write(report.nodeid, "call" if report.when == "setup" else "passed")

    def pytest_unconfigure(self) -> None:
        self.file.close()

    def _write(self, nodeid: str, word: str) -> None:
        if self.lines == MOST:
            self.file.truncate(0)
            self.lines = 0
        self.file.write(json.dumps([parameters_masked(nodeid), word]) + "\n")
        self.lines += 1


def pytest_addoption(parser: pytest.Parser) -> None:
    """Take the file to write."""
    parser.addoption(OPTION, metavar="FILE")


def pytest_configure(config: pytest.Config) -> None:
    """Write in the process that shows the results: a worker of xdist sends its reports there."""
    if (file := config.getoption(OPTION)) and not hasattr(config, "workerinput"):
        config.pluginmanager.register(Progress(Path(file)))
