"""The table of what was tried and what was lost, for the terminal and for docs/reliability.md."""

import platform
import sys
from collections.abc import Callable
from pathlib import Path
from time import monotonic, sleep
from typing import Any

import pytest
from _owners import memory  # type: ignore[import-not-found,unused-ignore]
from page_ages import measured_now

PAGE = Path(__file__).resolve().parents[2] / "docs" / "reliability.md"
SETTLES = 10.0  # seconds in which what ends last has ended
PROPERTY = "faults planted"
LEAKED = "shared memory"  # the name of a property: what a kill found itself is not counted again
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
    "polls": "timeouts that run out in a heap of a million objects, each allocation traced",
    "own time": "what each call of loopcheck's takes of a passing test's own time",
    "poor places": "read-only folders, a full disk, no temporary folder, other languages and times",
}


class Table:
    """What was tried, by part, and how much of it was lost. With workers, it is their starter's."""

    def __init__(self, config: pytest.Config) -> None:
        self.config, self.began = config, monotonic()
        self.rows: dict[str, dict[str, int]] = {}
        self.collected: set[str] = set()
        self.done: set[str] = set()
        self.known, self.left = shared(), set[str]()

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        self.collected.update(one.nodeid for one in session.items)

    @pytest.hookimpl(optionalhook=True)
    def pytest_xdist_node_collection_finished(self, node: Any, ids: list[str]) -> None:
        self.collected.update(ids)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        row = self.rows.setdefault(part_of(report.nodeid), dict.fromkeys(COLUMNS, 0))
        if report.when == "call" and not report.skipped:
            row["tests run"] += 1
            row["faults planted"] += planted_by(report)
        row["lost"] += report.failed  # of a worker that broke down, too
        row["left out"] += report.skipped
        self.known.update(str(one) for name, one in report.user_properties if name == LEAKED)
        if report.when not in ("setup", "call"):
            self.done.add(report.nodeid)

    @pytest.hookimpl(trylast=True)  # xdist ends its workers before
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """See that no shared memory is left: each kill looks for its own, and may overlook some."""
        end = monotonic() + SETTLES
        while (left := shared() - self.known) and monotonic() < end:
            sleep(0.1)
        if left and "kills" in self.rows:
            self.rows["kills"]["lost"] += len(left)
            session.exitstatus = pytest.ExitCode.TESTS_FAILED
            self.left = left

    def whole(self) -> bool:
        """Return whether every part was tried to its end."""
        return set(PARTS) <= set(self.rows) and self.collected <= self.done

    def lines(self) -> list[str]:
        head = ["part", *COLUMNS, "what is tried"]
        all_of_it = {name: sum(row[name] for row in self.rows.values()) for name in COLUMNS}
        rows = [*sorted(self.rows.items()), ("all", all_of_it)]
        cells = [
            [part, *(f"{row[name]:,}" for name in COLUMNS), PARTS.get(part, "")]
            for part, row in rows
        ]
        return [_row(head), "| --- |" + " ---: |" * len(COLUMNS) + " --- |", *map(_row, cells)]

    def pytest_terminal_summary(self, terminalreporter: Any) -> None:
        if not self.rows:
            return
        terminalreporter.section("reliability", sep="-")
        for line in self.lines():
            terminalreporter.line(line.rpartition(" | ")[0])
        if self.left:
            terminalreporter.line(f"shared memory that nobody removed: {' '.join(self.left)}")
        if not self.config.option.write:
            return
        if self.whole():
            PAGE.write_text(self.page(), encoding="utf-8")
        else:
            terminalreporter.line(f"{PAGE.name} is as it was: not all parts came to their end.")

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
                f"Last run: {measured_now()}, Python {platform.python_version()} on"
                f" {platform.system()}, ROUNDS={given.rounds} KILLS={given.kills}"
                f" SEED={given.seed}, {minutes:.0f} minutes. Lost: {lost}.",
                "",
                *self.lines(),
                "",
                "A test is lost if one of its faults ends in a traceback, in a hang or in a finding"
                " that is not true. It is lost, too, if a process, a folder or half a file stays"
                " behind. The tests left out could not run here: a full disk needs a file system"
                " of its own. `make test-workshop` kills a Hub.",
                "",
            ]
        )


def shared() -> set[str]:
    """Return the ids of shared memory that nobody uses, where the system tells."""
    return memory() if sys.platform == "linux" else set()


def part_of(nodeid: str) -> str:
    """Return the part that a test belongs to: its file's name."""
    return Path(nodeid.partition("::")[0]).stem.removeprefix("test_").replace("_", " ")


def count_planted(item: pytest.Item, report: pytest.TestReport) -> None:
    """Write on the report how many faults its test planted: a worker sends it nothing else."""
    if report.when == "call":
        report.user_properties.append((PROPERTY, item.stash.get(PLANTED, 1)))


def planted_by(report: pytest.TestReport) -> int:
    return sum(int(str(value)) for name, value in report.user_properties if name == PROPERTY)


def _row(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"
