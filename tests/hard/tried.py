"""The table of what was tried and what was lost, for the terminal and for docs/reliability.md."""

import platform
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic
from typing import Any

import pytest

PAGE = Path(__file__).resolve().parents[2] / "docs" / "reliability.md"
PLANTED = pytest.StashKey[int]()
Planted = Callable[[int], None]
COLUMNS = ("tests run", "faults planted", "lost", "left out")
PARTS = {
    "made up": "objects, awaits, fixtures and errors made up by Hypothesis, against every probe,"
    " mode and face",
    "kills": "Stop, SIGINT, SIGTERM and SIGKILL of kernels, servers, supervisors, test runs and"
    " graders, at moments chosen by chance",
    "lessons": "lessons in an order chosen by chance, with the processors busy beside them",
    "wrong words": "every magic, command, option and setting with words that make no sense",
    "orders": "a project of 300 tests with a fault of every mode, in orders chosen by chance",
    "raw": "names, messages and file names that would steer a terminal or a page",
    "secrets": "passwords and tokens in whatever a face may show",
    "poor places": "read-only folders, a full disk, no temporary folder, other languages and times",
}


class Table:
    """What was tried, by part, and how much of it was lost."""

    def __init__(self, config: pytest.Config) -> None:
        self.config, self.began = config, monotonic()
        self.rows: dict[str, dict[str, int]] = {}

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(self, item: pytest.Item, call: Any) -> Any:
        made = yield
        part = item.path.stem.removeprefix("test_").replace("_", " ")
        row = self.rows.setdefault(part, dict.fromkeys(COLUMNS, 0))
        if made.when == "call" and not made.skipped:
            row["tests run"] += 1
            row["faults planted"] += item.stash.get(PLANTED, 1)
        row["lost"] += made.failed
        row["left out"] += made.skipped
        return made

    def lines(self) -> list[str]:
        head = ["part", *COLUMNS, "what is tried"]
        all_of_it = {name: sum(row[name] for row in self.rows.values()) for name in COLUMNS}
        rows = [*self.rows.items(), ("all", all_of_it)]
        cells = [
            [part, *(f"{row[name]:,}" for name in COLUMNS), PARTS.get(part, "")]
            for part, row in rows
        ]
        return [_row(head), "| --- |" + " ---: |" * len(COLUMNS) + " --- |", *map(_row, cells)]

    def pytest_terminal_summary(self, terminalreporter: Any, exitstatus: int) -> None:
        if not self.rows:
            return
        terminalreporter.section("reliability", sep="-")
        for line in self.lines():
            terminalreporter.line(line.rpartition(" | ")[0])
        if self.config.option.write and exitstatus in (0, 1):  # else it did not come to its end
            PAGE.write_text(self.page(), encoding="utf-8")

    def page(self) -> str:
        given, minutes = self.config.option, (monotonic() - self.began) / 60
        lost = sum(row["lost"] for row in self.rows.values())
        return "\n".join(
            [
                "# Reliability",
                "",
                "Written by `make test-hard`; do not edit. It breaks what can break around"
                " loopcheck, and counts what was lost.",
                "",
                f"Last run: {datetime.now(UTC):%Y-%m-%d}, Python {platform.python_version()} on"
                f" {platform.system()}, ROUNDS={given.rounds} KILLS={given.kills}"
                f" SEED={given.seed}, {minutes:.0f} minutes. Lost: {lost}.",
                "",
                *self.lines(),
                "",
                "A test is lost if one of its faults ends in a traceback, in a hang, in a finding"
                " that is not true, or leaves a process, a folder or half a file behind. What is"
                " left out could not be made here: a disk that is full needs a file system of its"
                " own. A Hub is killed by `make test-workshop`.",
                "",
            ]
        )


def _row(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"
