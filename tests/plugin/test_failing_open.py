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


METRIC = """
from prometheus_client import Counter

class Gate:
    def open(self, key):
        try:
            Counter("gate_calls", "Calls.").inc()
            return len(key) < 3
        except Exception:
            return True

def test_the_first_is_let_in():
    assert Gate().open("a") is True

def test_the_second_is_let_in():
    assert Gate().open("b") is True

def test_a_long_one_is_kept_out():
    assert Gate().open("long") is LONG

def test_another():
    assert True
"""


@pytest.mark.parametrize(("long", "certainty"), [("True", "likely"), ("False", "certain")])
def test_a_refused_metric_is_said_on_each_python(
    project: Project, long: str, certainty: str
) -> None:
    project.write("test_gate.py", METRIC.replace("LONG", long))
    ended = project.run("--loopcheck", REPORT, "--loopcheck-fail=LC502")
    assert ended.returncode == 1
    [one] = project.report()["findings"]
    assert (one["code"], one["where"]["line"], one["used_at"]["line"]) == ("LC502", 9, 7)
    assert (one["certainty"], one["count"]) == (certainty, 2)
    assert one["fix"].startswith("Create the metric once, at the top of a module (LC501)")
