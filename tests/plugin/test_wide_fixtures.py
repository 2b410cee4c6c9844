"""Fixtures for more than one test: we listen only while one of them may be set up."""

from pathlib import Path

import pytest
from test_plugin import Project

CONFTEST = """
import pytest

@pytest.fixture(scope="session")
def price():
    return {"tea": 2}

@pytest.fixture(scope="module", params=[1, 2])
def table(request):
    return request.param

def pytest_runtest_call(item):
    listening = item.config.pluginmanager.has_plugin("loopcheck-listener")
    print("\\nheard" if listening else "\\nmissed", item.path.stem, item.name)
"""
TESTS = """
import pytest

@pytest.mark.parametrize("n", range(3))
def test_price(price, n):
    assert price

def test_table(table):
    assert table

def test_plain():
    pass
"""
LOOKS_UP = """
import pytest

@pytest.fixture(scope="module")
def till():
    return 1

@pytest.fixture
def shop(request):
    return request.getfixturevalue("till")

def test_price(price):
    assert price

def test_shop(shop):
    assert shop

def test_till(request):
    assert request.getfixturevalue("till")

def test_plain(price):
    assert price
"""
ODD = """
import pytest

class Liar:
    def __getattr__(self, name):
        return self

class Row(pytest.Item):
    def runtest(self):
        pass

class Table(pytest.File):
    def collect(self):
        row = Row.from_parent(self, name="row")
        row.fixturenames, row.function = None, Liar()
        yield row

def pytest_collect_file(file_path, parent):
    return Table.from_parent(parent, path=file_path) if file_path.suffix == ".table" else None

@pytest.fixture(scope="session")
def price():
    return 2
"""


def said_by(project: Project) -> list[str]:
    """Return a line for each test that passed: `heard` if its setup was listened to."""
    run = project.run("--loopcheck", "-s")
    assert run.returncode == 0, run.stdout
    return [one for one in run.stdout.splitlines() if one.startswith(("heard ", "missed "))]


@pytest.fixture
def said(tmp_path: Path) -> list[str]:
    """Run two files with the same tests."""
    project = Project(tmp_path)
    project.write("conftest.py", CONFTEST)
    project.write("test_a.py", TESTS)
    project.write("test_b.py", TESTS)
    return said_by(project)


def test_we_listen_while_a_wide_fixture_is_set_up_and_not_in_the_tests_after_it(
    said: list[str],
) -> None:
    assert [one for one in said if one.startswith("missed ")] == [
        "missed test_a test_price[1]",
        "missed test_a test_price[2]",
        "missed test_a test_plain",
        "missed test_b test_price[0]",
        "missed test_b test_price[1]",
        "missed test_b test_price[2]",
        "missed test_b test_plain",
    ]


def test_a_wide_fixture_with_other_parameters_is_heard_again(said: list[str]) -> None:
    assert {"heard test_a test_table[1]", "heard test_a test_table[2]"} <= set(said)


def test_a_wide_fixture_that_is_requested_by_name_while_a_test_runs_is_heard(
    tmp_path: Path,
) -> None:
    project = Project(tmp_path)
    project.write("conftest.py", CONFTEST)
    project.write("test_shop.py", LOOKS_UP)
    assert said_by(project) == [
        "heard test_shop test_price",
        "heard test_shop test_shop",
        "heard test_shop test_till",
        "missed test_shop test_plain",
    ]


def test_items_of_another_kind_are_left_alone(tmp_path: Path) -> None:
    project = Project(tmp_path)
    project.write("conftest.py", ODD)
    project.write("some.table", "")
    project.write("test_price.py", "def test_price(price):\n    assert price\n")
    run = project.run("--loopcheck")
    assert "2 passed" in run.stdout, run.stdout
    assert "please report it" not in run.stdout
