"""What is said of a fixture that was not found, by runs of pytest."""

from pathlib import Path

import pytest
from test_plugin import Project

STORES = """
import pytest

@pytest.fixture
def sqllite_store():
    return {}

@pytest.fixture(params=["sqlite"])
def store(request):
    return request.getfixturevalue(f"{request.param}_store")

@pytest.fixture
def sqlite_stores(store):
    return [store]

def test_empty(sqlite_stores):
    assert sqlite_stores == [{}]
"""


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return Project(tmp_path)


def test_fixtures_that_ask_are_not_suggested_to_themselves(project: Project) -> None:
    project.write("test_it.py", STORES)
    project.run("--loopcheck-json=report.json")
    [found] = project.report()["findings"]
    assert found["fix"] == "Write `sqllite_store` in the `getfixturevalue(…)` of `store`."
