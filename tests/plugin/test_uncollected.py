"""A file that cannot be imported is explained as a failed test is, in real runs."""

from pathlib import Path

import pytest
from test_plugin import Project

MAKES = "from prometheus_client import Counter\n\nORDERS = Counter('orders', 'Orders')\n"
REPORT = "--loopcheck-json=report.json"


@pytest.fixture
def project(tmp_path: Path) -> Project:
    made = Project(tmp_path)
    made.write("pytest.ini", "[pytest]\npythonpath = . shop\n")
    made.write("shop/__init__.py", "")
    made.write("shop/counters.py", MAKES)
    made.write("test_a.py", "from shop.counters import ORDERS\n\ndef test_it(): pass\n")
    made.write("test_b.py", "from counters import ORDERS\n\ndef test_it(): pass\n")
    return made


def test_the_cause_stands_under_the_error_and_in_the_report(project: Project) -> None:
    ended = project.run("--loopcheck", REPORT)
    assert "LC501 duplicate-metric (certain)" in ended.stdout
    [one] = project.report()["findings"]
    assert (one["test"], one["phase"]) == ("test_b.py", "collect")
    assert (one["where"]["file"], one["where"]["line"]) == ("test_b.py", 1)
    assert project.report()["counts"]["explained"] == 1


def test_under_xdist_it_is_said_once(project: Project) -> None:
    project.run("--loopcheck", REPORT, "-p", "xdist", "-n", "2")
    assert len(project.report()["findings"]) == 1


def test_an_import_that_fails_for_another_reason_is_left_alone(project: Project) -> None:
    project.write("test_b.py", "import nowhere_to_be_found\n")
    ended = project.run("--loopcheck", REPORT)
    assert "nowhere_to_be_found" in ended.stdout
    assert project.report()["findings"] == []
