"""What stays in memory after a test: who collects garbage after each test pays for every object."""

import subprocess
import sys
from pathlib import Path

import pytest
from test_plugin import Project

COUNTING = """
import ast
import gc
from pathlib import Path

import pytest


@pytest.hookimpl(tryfirst=True)
def pytest_sessionfinish(session):
    gc.collect()
    objects = gc.get_objects()
    nodes = sum(isinstance(one, ast.AST) for one in objects)
    Path("counted.txt").write_text(f"{len(objects)} {nodes}")
"""
FAILING = """
import asyncio
import pytest


@pytest.mark.asyncio
async def test_limit():
    async with asyncio.timeout(0.01):
        await asyncio.Event().wait()
"""
PASSING = """
import asyncio
from unittest import mock

import pytest


@pytest.mark.asyncio
@pytest.mark.parametrize("number", range({tests}))
async def test_mock(number):
    double = mock.AsyncMock(return_value=number)
    assert await asyncio.create_task(double(1)) == number
"""


@pytest.fixture
def project(tmp_path: Path) -> Project:
    project = Project(tmp_path)
    project.write("conftest.py", COUNTING)
    return project


def live_objects(project: Project, *options: str) -> tuple[int, int]:
    """Return the objects and the nodes of syntax trees that the collector knows after the tests."""
    project.run(*options)
    objects, nodes = (project.root / "counted.txt").read_text().split()
    return int(objects), int(nodes)


def growth(project: Project, *options: str) -> float:
    """Return how many live objects each of a few hundred more passing tests adds."""
    few, many = 50, 250
    counted = []
    for tests in (few, many):
        project.write("test_passing.py", PASSING.format(tests=tests))
        counted.append(live_objects(project, *options)[0])
    return (counted[1] - counted[0]) / (many - few)


def test_no_syntax_tree_outlives_the_tests_that_pass_after_a_failure(project: Project) -> None:
    project.write("test_failing.py", FAILING)
    project.write("test_passing.py", PASSING.format(tests=30))
    _, nodes = live_objects(project, "--loopcheck")
    assert nodes < 100


def test_a_passing_test_leaves_hardly_more_objects_than_it_does_without_us(
    project: Project,
) -> None:
    assert growth(project, "--loopcheck") <= growth(project, "-p", "no:loopcheck.plugin") + 3


EXPLAINING = """
import ast, asyncio, dataclasses, gc, inspect, re, sqlite3, tempfile, unittest.mock
import pytest
import loopcheck.plugin.hooks

def live():
    gc.collect()
    return len(gc.get_objects())

before = live()
from loopcheck.plugin import explained
from loopcheck.modes import catalogue
for mode in catalogue.modes():
    catalogue.detector(mode)
print(live() - before)
"""


def test_all_that_explains_a_failure_is_less_than_ten_thousand_objects() -> None:
    """Annotations that are evaluated would be half as many again: they stay words."""
    command = (sys.executable, "-c", EXPLAINING)
    said = subprocess.run(command, capture_output=True, text=True, check=True)
    assert int(said.stdout) < 10_000
