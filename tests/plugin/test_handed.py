"""What tests share, in real runs: the change is told only where an earlier test made it."""

from pathlib import Path

import pytest
from test_plugin import PLUGINS, Project

SHARED = """
import pytest

KWARGS = {"key": 1, "limit": 3}

def allow(key, limit):
    return limit > 0

def test_pops():
    assert KWARGS.pop("key") == 1

def test_gets():
    assert allow(**KWARGS)
"""
REPORT = "--loopcheck-json=report.json"


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return Project(tmp_path)


def told(project: Project) -> list[tuple[str, str, int]]:
    return [
        (one["code"], one["test"].rpartition("::")[2], one["where"]["line"])
        for one in project.report()["findings"]
    ]


def test_the_test_that_fails_is_told_who_changed_what_it_got(project: Project) -> None:
    project.write("test_it.py", SHARED)
    ended = project.run("--loopcheck", REPORT)
    assert "`test_pops` removed `'key'` from `KWARGS`" in ended.stdout
    assert told(project) == [("LC308", "test_gets", 4)]


def test_alone_it_has_nothing_to_say(project: Project) -> None:
    project.write("test_it.py", SHARED)
    ended = project.run("--loopcheck", REPORT, "test_it.py::test_gets")
    assert ended.returncode == pytest.ExitCode.OK
    assert told(project) == []


def test_what_a_test_did_to_it_by_itself_is_its_own_fault(project: Project) -> None:
    project.write("test_it.py", SHARED.replace("    assert allow", "    KWARGS.clear()\n    allow"))
    project.run("--loopcheck", REPORT, "-k", "gets")
    assert told(project) == []


def test_in_the_other_order_nothing_is_wrong(project: Project) -> None:
    project.write("test_it.py", SHARED)
    project.run("--loopcheck", REPORT, "test_it.py::test_gets", "test_it.py::test_pops")
    assert told(project) == []


def test_a_worker_tells_of_it(project: Project) -> None:
    project.write("test_it.py", SHARED)
    options = ("-n", "2", "--dist", "loadfile", "--loopcheck", REPORT)
    project.run(*options, plugins=(*PLUGINS, "-p", "xdist.plugin"))
    assert told(project) == [("LC308", "test_gets", 4)]


ODD = """
import gc
import weakref

class Odd:
    def __eq__(self, other):
        raise ValueError("compared")
    def __hash__(self):
        raise ValueError("hashed")
    def __repr__(self):
        raise ValueError("shown")

class Kept:
    pass

THINGS = {"odd": Odd(), "kept": Kept()}
ROWS = [Odd(), 1]
REF = weakref.ref(THINGS["kept"])

def test_first():
    THINGS["more"] = Odd()
    ROWS.append(Odd())

def test_second():
    del THINGS["kept"]
    assert REF() is None

def test_third():
    assert THINGS["kept"]

def test_fourth():
    assert len(ROWS) == 2
"""


def test_objects_that_refuse_to_be_compared_are_not_asked_or_kept(project: Project) -> None:
    project.write("test_it.py", ODD)
    ended = project.run("--loopcheck", REPORT)
    assert "could not look" not in ended.stdout
    assert "2 failed, 2 passed" in ended.stdout
    assert [test for _, test, _ in told(project)] == ["test_third", "test_fourth"]


ANEW = """
import pytest

@pytest.fixture(scope="class")
def cart():
    return {"bread": 1}

class TestOne:
    def test_removes(self, cart):
        del cart["bread"]

class TestTwo:
    def test_has_its_own(self, cart):
        assert cart.pop("butter")
"""


def test_a_fixture_that_was_set_up_anew_has_no_past(project: Project) -> None:
    project.write("test_it.py", ANEW)
    project.run("--loopcheck", REPORT)
    assert told(project) == []


def test_a_fault_of_ours_is_said_once_and_fails_nothing(project: Project) -> None:
    project.write("test_it.py", SHARED)
    project.write(
        "conftest.py",
        "from loopcheck.runner import shared_arguments as shared\n"
        "def broken(*args):\n    raise KeyError('ours')\n"
        "shared.look = broken\n",
    )
    ended = project.run("--loopcheck")
    assert ended.stdout.count("loopcheck could not look at what tests share: KeyError") == 1
    assert "1 failed, 1 passed" in ended.stdout
