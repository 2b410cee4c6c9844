"""Hundreds of failures of one cause: a few are explained, the others are counted."""

import re
from pathlib import Path

import pytest
from test_plugin import PLUGINS, Project

WORKERS = (*PLUGINS, "-p", "xdist.plugin")

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


@pytest.mark.parametrize("workers", [(), ("-n", "2")], ids=["alone", "two workers"])
def test_three_failures_of_one_cause_are_explained_and_all_are_counted(
    project: Project, workers: tuple[str, ...]
) -> None:
    project.write("test_jobs.py", ONE_CAUSE)
    options = ("--loopcheck", "--loopcheck-json=report.json", "--tb=short", *workers)
    said = project.run(*options, plugins=WORKERS if workers else PLUGINS).stdout
    report = project.report()
    failed = re.findall(r"^FAILED (test_jobs.py::test_ready\[\d+\])", said, re.MULTILINE)
    (found,) = report["findings"]
    assert (found["code"], found["count"]) == ("LC102", len(failed))
    assert sorted([found["test"], *found["also"]]) == sorted(failed)
    assert re.search(rf"^\S+:5: LC102 loop-mismatch: .*, {len(failed)} times$", said, re.MULTILINE)
    assert f"\nLC102 {len(failed)}\n" in said
    looks = 6 if workers else 3
    assert report["counts"]["counted_alike"] == len(failed) - looks
    assert f"{len(failed) - looks} more failures have the same error at the same lines as o" in said


def test_a_test_that_waives_what_others_have_is_not_counted_for_it(project: Project) -> None:
    waives = "pytest.param(5, marks=pytest.mark.loopcheck(ignore='LC102'))"
    project.write("test_jobs.py", ONE_CAUSE.replace("range(300)", f"[0, 1, 2, 3, 4, {waives}, 6]"))
    project.run("--loopcheck", "--loopcheck-json=report.json")
    report = project.report()
    assert [one["count"] for one in report["findings"]] == [5]
    assert report["counts"]["ignored"] == 1


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
