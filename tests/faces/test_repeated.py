"""Hundreds of failures of one cause: a few are explained, the others are counted."""

from pathlib import Path

import pytest
from test_plugin import Project

ONE_CAUSE = """
import asyncio
import pytest

ready = asyncio.Event()

@pytest.mark.asyncio
@pytest.mark.parametrize("number", range(300))
async def test_ready(number):
    asyncio.get_running_loop().call_soon(ready.set)
    ready.clear()
    assert await ready.wait()
"""
NO_CAUSE = """
import pytest

@pytest.mark.parametrize("number", range(10))
def test_sum(number):
    assert number + 1 == -number - 7
"""
FOUR_LINES = """
import asyncio
import pytest

ready = asyncio.Event()

async def wait():
    asyncio.get_running_loop().call_soon(ready.set)
    ready.clear()
    assert await ready.wait()
""" + "".join(
    f"""
@pytest.mark.asyncio
async def test_{number}():
    await wait()
"""
    for number in range(6)
)


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return Project(tmp_path)


def test_three_failures_of_one_cause_are_explained_and_the_others_counted(project: Project) -> None:
    project.write("test_jobs.py", ONE_CAUSE)
    said = project.run("--loopcheck", "--loopcheck-json=report.json", "--tb=no").stdout
    report = project.report()
    assert [(one["code"], one["count"]) for one in report["findings"]] == [("LC102", 3)]
    counts = {"tests": 300, "explained": 299, "ignored": 0, "counted_alike": 296}
    assert report["counts"] == counts
    assert "296 more failures have the same error at the same lines as one that is expl" in said


def test_a_failure_that_is_only_counted_says_where_it_is_explained(project: Project) -> None:
    project.write("test_jobs.py", ONE_CAUSE.replace("300", "6"))
    said = project.run("--loopcheck").stdout
    same = "the same error at the same lines as in test_jobs.py::test_ready[1], see there"
    assert said.count(same) == 2
    assert said.count("why") == 3


def test_three_silent_looks_at_one_cause_are_enough_too(project: Project) -> None:
    project.write("test_sums.py", NO_CAUSE)
    said = project.run("--loopcheck", "--loopcheck-json=report.json").stdout
    counts = project.report()["counts"]
    assert counts == {"tests": 10, "explained": 0, "ignored": 0, "counted_alike": 7}
    assert "7 more failures have the same error at the same lines as three without a find" in said


def test_failures_that_came_by_other_lines_are_all_explained(project: Project) -> None:
    project.write("test_jobs.py", FOUR_LINES)
    project.run("--loopcheck", "--loopcheck-json=report.json")
    report = project.report()
    assert [one["count"] for one in report["findings"]] == [5]
    assert "counted_alike" not in report["counts"]
