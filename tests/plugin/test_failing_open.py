"""A green test that tests nothing is told, and can be failed for it: in real runs."""

import sys
from pathlib import Path

import pytest
from test_plugin import Project

GREEN = """
class Store:
    pass

class Gate:
    def __init__(self, store):
        self.store = store

    def open(self, key):
        try:
            return self.store.countt(key) < 3
        except Exception:
            return True

def test_the_first_is_let_in():
    assert Gate(Store()).open("a") is True
"""
REPORT = "--loopcheck-json=report.json"
TELLS = sys.version_info >= (3, 12)


@pytest.fixture
def project(tmp_path: Path) -> Project:
    made = Project(tmp_path)
    made.write("test_gate.py", GREEN)
    return made


def test_it_is_said_where_the_interpreter_tells(project: Project) -> None:
    ended = project.run("--loopcheck", REPORT)
    found = project.report()["findings"]
    assert ended.returncode == 0
    assert [(one["code"], one["where"]["line"]) for one in found] == (
        [("LC502", 12)] if TELLS else []
    )


@pytest.mark.skipif(not TELLS, reason="the interpreter tells from 3.12 on")
def test_it_is_said_of_an_except_without_a_class_too(project: Project) -> None:
    project.write("test_gate.py", GREEN.replace("except Exception:", "except :  # noqa: E722"))
    project.run("--loopcheck", REPORT)
    assert [one["where"]["line"] for one in project.report()["findings"]] == [12]


@pytest.mark.skipif(not TELLS, reason="the interpreter tells from 3.12 on")
def test_it_fails_where_that_was_chosen(project: Project) -> None:
    ended = project.run("--loopcheck", "--loopcheck-fail=LC502")
    assert ended.returncode == 1
    assert "`Gate.open` returned True" in ended.stdout


@pytest.mark.skipif(not TELLS, reason="the interpreter tells from 3.12 on")
def test_under_xdist_it_is_said_once(project: Project) -> None:
    project.run("--loopcheck", REPORT, "-p", "xdist", "-n", "2")
    assert len(project.report()["findings"]) == 1
