"""A fixture without effect is reported only if the run has all tests that may request it."""

from pathlib import Path

import pytest
from test_plugin import Project

CONFTEST = """
import asyncio
import pytest

@pytest.fixture
def event_loop():
    loop = asyncio.new_event_loop()
    yield loop
    loop.close()
"""
PRICES = """
import pytest

@pytest.mark.asyncio
async def test_a_price():
    pass

def test_without_a_loop():
    pass
"""
BY_HAND = "def test_by_hand(event_loop):\n    pass\n"


@pytest.fixture
def project(tmp_path: Path) -> Project:
    project = Project(tmp_path)
    project.write("conftest.py", CONFTEST)
    project.write("test_prices.py", PRICES)
    return project


def codes(project: Project, *words: str) -> list[str]:
    project.run("--loopcheck", "--loopcheck-json=report.json", *words)
    return [one["code"] for one in project.report()["findings"]]


def test_it_is_reported_once_in_a_whole_run_and_in_its_workers(project: Project) -> None:
    assert codes(project) == ["LC302"]
    assert codes(project, "-p", "xdist", "-n2") == ["LC302"]


@pytest.mark.parametrize(
    "words",
    [("test_prices.py",), ("test_prices.py::test_a_price",), ("-k", "price")],
    ids=["a file", "a test", "a selection"],
)
def test_part_of_the_tests_says_nothing_of_the_others(
    project: Project, words: tuple[str, ...]
) -> None:
    project.write("test_by_hand.py", BY_HAND)
    assert codes(project, *words) == []
