"""Under xdist: whatever a worker hears reaches the one report, also when another one crashes."""

from pathlib import Path
from xml.etree import ElementTree

import pytest
from test_plugin import MISMATCH, PLUGINS, Project

WORKERS = (*PLUGINS, "-p", "xdist.plugin")
LATE = """
import pytest

async def check():
    assert False

@pytest.mark.asyncio
async def test_keeps():
    globals()["kept"] = check(){}
"""
LETS_GO = """
import sys
import pytest

@pytest.hookimpl(trylast=True)
def pytest_runtest_logfinish():
    vars(sys.modules.get("test_it", sys)).pop("kept", None)  # xdist asks the controller, too
"""
DROPS = """
import pytest

async def check():
    assert False

@pytest.mark.asyncio
async def test_drops():
    check()
"""
CRASH = """
import os

def test_crash():
    os._exit(3)
"""


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return Project(tmp_path)


@pytest.mark.parametrize("waived", [False, True])
def test_what_is_dropped_after_the_last_report_reaches_the_report(
    project: Project, waived: bool
) -> None:
    project.write("conftest.py", LETS_GO)
    project.write("test_it.py", LATE.format("  # loopcheck: ignore[LC202]" if waived else ""))
    options = ("--loopcheck", "--loopcheck-json=report.json")
    project.run(*options)
    alone = project.report()
    said = project.run(*options, "-n", "1", plugins=WORKERS).stdout
    assert project.report()["findings"] == alone["findings"]
    assert project.report()["counts"] == alone["counts"]
    assert alone["counts"]["ignored"] == int(waived)
    assert len(alone["findings"]) == int(not waived)
    assert ("ignored: LC202 1" in said) is waived


def test_everything_at_once_in_two_workers(project: Project) -> None:
    project.write("test_jobs.py", MISMATCH)
    project.write("test_it.py", DROPS)
    ended = project.run(
        *("-n", "2", "--dist", "loadfile", "--loopcheck-fail=all", "--loopcheck-again"),
        *("--loopcheck-json=report.json", "--junitxml=junit.xml"),
        plugins=WORKERS,
    )
    assert "2 failed, 2 passed, 1 warning, 1 error" in ended.stdout
    assert "3 failed tests ran a second time, with every watch on: 3 failed in" in ended.stdout
    found = {(one["code"], one["count"], one["again"]) for one in project.report()["findings"]}
    assert found == {("LC102", 2, True), ("LC202", 1, True)}
    tree = ElementTree.parse(project.root / "junit.xml")
    marks = [each.get("value") for each in tree.iter("property")]
    assert sorted(filter(None, marks)) == ["LC102", "LC102", "LC202"]


@pytest.mark.parametrize("again", [(), ("--loopcheck-again",)])
def test_a_worker_that_crashes_takes_no_other_finding_with_it(
    project: Project, again: tuple[str, ...]
) -> None:
    project.write("test_a_jobs.py", MISMATCH)
    project.write("test_b_crash.py", CRASH)
    project.write("test_c_it.py", DROPS)
    ended = project.run(
        *("-n", "1", "--loopcheck", "--loopcheck-json=report.json", *again), plugins=WORKERS
    )
    assert "worker 'gw0' crashed" in ended.stdout
    assert "INTERNALERROR" not in ended.stdout
    report = project.report()
    assert [one["code"] for one in report["findings"]] == ["LC102", "LC202"]
    assert report["counts"]["explained"] == 2
