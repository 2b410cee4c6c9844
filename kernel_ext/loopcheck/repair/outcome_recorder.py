"""A pytest plugin for runs in a copy: writes each test's outcome, and can shuffle the tests.

The environment tells it what to do, so that the project's own options stay as they are.
"""

import json
import os
import random
from collections.abc import Generator
from pathlib import Path
from typing import Any

import pytest

from loopcheck.labels import parameters_masked

OUTCOMES, SEED = "LOOPCHECK_FIX_OUTCOMES", "LOOPCHECK_FIX_SEED"
HANG = "30"  # seconds; with edits, or on this machine, a test may wait for ever


class Recorder:
    """Collects outcomes by test; a test that fails in any phase has failed."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self.outcomes: dict[str, str] = {}
        self.errors: dict[str, str] = {}

    def pytest_runtest_logreport(self, report: Any) -> None:
        name = parameters_masked(report.nodeid)
        if report.failed:
            self.outcomes[name] = "failed"
            self.errors.setdefault(name, _last_line(report))
        elif report.skipped:
            self.outcomes.setdefault(name, "xfailed" if hasattr(report, "wasxfail") else "skipped")
        elif report.when == "call":
            self.outcomes.setdefault(name, "passed")

    def pytest_collectreport(self, report: Any) -> None:
        if report.failed:
            self.errors.setdefault(report.nodeid, _last_line(report))

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        said = {
            "outcomes": self.outcomes,
            "errors": self.errors,
            "root": str(session.config.rootpath),
            "settings": str(session.config.inipath or ""),
            "places": list(getattr(session.config.known_args_namespace, "file_or_dir", ())),
        }
        self.file.write_text(json.dumps(said), encoding="utf-8")


def _last_line(report: Any) -> str:
    """Return pytest's short line on a failure: `RuntimeError: …`."""
    crash = getattr(report.longrepr, "reprcrash", None)
    lines = str(getattr(crash, "message", None) or report.longrepr or "").strip().splitlines()
    if not lines:
        return ""
    return lines[0] if crash is not None else lines[-1]


@pytest.hookimpl(wrapper=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> Generator[None, object, object]:
    """Have loopcheck end tests that hang, if the project says nothing about them."""
    asked = early_config.known_args_namespace
    explains = getattr(asked, "loopcheck", False)
    if explains and not (asked.loopcheck_hang or early_config.getini("loopcheck_hang")):
        asked.loopcheck_hang = HANG
    return (yield)


def pytest_configure(config: pytest.Config) -> None:
    """Record in the process that shows the results: a worker of xdist sends its reports there."""
    if OUTCOMES in os.environ and not hasattr(config, "workerinput"):
        config.pluginmanager.register(Recorder(Path(os.environ[OUTCOMES])))


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Shuffle the tests if there is a seed: every worker in the same way."""
    if seed := os.environ.get(SEED):
        random.Random(int(seed)).shuffle(items)
