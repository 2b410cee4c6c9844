"""--loopcheck-again: a failed test runs twice, counts once, and the second run only adds to it."""

import re
from collections import Counter
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from test_plugin import MISMATCH, PLUGINS, Project

from loopcheck.watch import thrown_away

WORKERS = (*PLUGINS, "-p", "xdist.plugin")
BACKGROUND = """
import asyncio
import pytest

class Pool:
    def __init__(self):
        self.tasks = []

    def start(self, work):
        self.tasks.append(asyncio.get_running_loop().create_task(work))

async def consume(queue, seen):
    seen.append((await queue.get())["id"])

async def other(pool, queue, seen):
    pool.start(consume(queue, seen))

@pytest.mark.asyncio
async def test_consumer():
    queue, seen, pool = asyncio.Queue(), [], Pool()
    works = [consume(queue, seen)]
    pool.start(works.pop())
    queue.put_nowait({"name": "x"})
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    assert seen == [1]
"""
LEAK = """
import asyncio
import pytest

async def work():
    await asyncio.sleep(60)

async def twice():
    asyncio.create_task(work())

def start(coroutine):
    asyncio.ensure_future(coroutine)

@pytest.mark.asyncio
async def test_leaves():
    one = work()
    start(one)
    await asyncio.sleep(0)
"""
COUNTED = """
import atexit
import pathlib
import unittest

import pytest

log = pathlib.Path(__file__).with_name("log.txt")

def note(said):
    with log.open("a") as file:
        file.write(said + "\\n")

@pytest.fixture(scope="session", autouse=True)
def session():
    note("session up")
    yield
    note("session down")

@pytest.fixture(scope="module", autouse=True)
def module(session):
    note("module up")
    yield
    note("module down")

@pytest.fixture
def function():
    note("function up")
    yield
    note("function down")

class TestOne:
    @pytest.mark.parametrize("n", [1, 2])
    def test_it(self, function, n):
        assert not hasattr(self, "left")
        self.left = True
        note(f"test_it {n}")
        print("said by", n)
        assert n != 2

class TestCase(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        note("class up")

    def setUp(self):
        note("set up")

    def test_fails(self):
        note("test_fails")
        self.assertEqual(1, 2)

    def test_passes(self):
        note("test_passes")

def test_last(function):
    note("test_last")
    assert False
"""


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return Project(tmp_path)


def only(report: Any) -> Any:
    [found] = report["findings"]
    return found


def line(project: Project, text: str, name: str = "test_it.py") -> int:
    lines = (project.root / name).read_text().splitlines()
    return next(number for number, said in enumerate(lines, 1) if text in said)


@pytest.mark.parametrize("workers", [(), ("-n", "2")])
def test_a_background_error_is_named_at_the_line_that_started_it(
    project: Project, workers: tuple[str, ...]
) -> None:
    project.write("test_it.py", BACKGROUND)
    once = project.run("--loopcheck", "--loopcheck-json=report.json")
    assert "LC205" not in once.stdout
    options = ("--loopcheck-again", "--loopcheck-json=report.json", *workers)
    said = project.run(*options, plugins=WORKERS).stdout
    found = only(project.report())
    assert (found["code"], found["again"]) == ("LC205", True)
    assert found["where"]["line"] == line(project, "create_task(work)")
    assert "1 failed test ran a second time, with every watch on: 1 failed in the same way" in said
    assert "1 failed in " in said


@pytest.mark.parametrize("workers", [(), ("-n", "2")])
def test_a_leak_that_fails_a_test_is_named_at_its_start(
    project: Project, workers: tuple[str, ...]
) -> None:
    project.write("test_it.py", LEAK)
    options = ("--loopcheck-fail=LC201", "--loopcheck-json=report.json")
    project.run(*options)
    assert only(project.report())["where"]["line"] == line(project, "start(one)")
    ended = project.run(*options, "--loopcheck-again", *workers, plugins=WORKERS)
    found = only(project.report())
    assert found["where"]["line"] == line(project, "start(one)")
    assert found["again"] is True
    assert f"change   test_it.py:{found['where']['line']}" in ended.stdout
    assert "again    ran twice: with every watch on it fails in the same way" in ended.stdout
    assert "1 passed, 1 error in" in ended.stdout


def test_the_first_outcome_stands_when_the_second_differs(project: Project) -> None:
    project.write(
        "test_it.py",
        MISMATCH.replace("ready = ", "runs = []\nready = ").replace(
            "async def test_two():\n",
            "async def test_two():\n    runs.append(1)\n    if len(runs) == 2: return\n",
        ),
    )
    ended = project.run("--loopcheck-again", "--loopcheck-json=report.json", "-k", "one or two")
    assert ended.returncode == pytest.ExitCode.TESTS_FAILED
    assert "1 failed, 1 passed, 1 deselected" in ended.stdout
    assert "again    a second run passed: this finding is of the first" in ended.stdout
    assert "with every watch on: 1 passed" in ended.stdout
    assert "again" not in only(project.report())


def test_the_same_loops_have_the_same_numbers_in_both_runs(project: Project) -> None:
    project.write("test_it.py", MISMATCH)
    project.run("--loopcheck", "--loopcheck-json=once.json")
    project.run("--loopcheck-again", "--loopcheck-json=twice.json")
    once, twice = project.report("once.json"), project.report("twice.json")
    assert only(twice).pop("again")
    assert once["findings"] == twice["findings"]
    assert once["counts"] == twice["counts"]


@pytest.mark.parametrize(
    "options", [(), ("-x",), ("-n", "1"), ("--maxfail=2",), ("-p", "no:terminal")]
)
def test_what_is_wider_than_a_test_stays_up_and_nothing_is_reported_twice(
    project: Project, options: tuple[str, ...]
) -> None:
    project.write("test_it.py", COUNTED)
    report = "--junitxml={}.xml"
    once = project.run("--loopcheck", report.format("once"), *options, plugins=WORKERS)
    before = (project.root / "log.txt").read_text().splitlines()
    (project.root / "log.txt").unlink()
    twice = project.run("--loopcheck-again", report.format("twice"), *options, plugins=WORKERS)
    after = (project.root / "log.txt").read_text().splitlines()
    assert once.returncode == twice.returncode
    assert cases(project, "once") == cases(project, "twice")
    more = Counter(after) - Counter(before)
    failing = {"test_it 2", "test_fails", "test_last"} & set(before)
    assert {name: more[name] for name in failing} == dict.fromkeys(failing, 1)
    assert not {"test_it 1", "test_passes", "class up", "module up", "session up"} & set(more)
    assert after[-2:] == ["module down", "session down"]
    assert Counter(after)["function up"] == Counter(after)["function down"]


def cases(project: Project, name: str) -> "list[tuple[str, ...]]":
    tree = ElementTree.parse(project.root / f"{name}.xml")
    return [
        (
            case.get("name", ""),
            *(
                re.sub("0x[0-9a-f]+", "", f"{part.tag} {part.get('message')} {part.text}")
                for part in case
            ),
        )
        for case in tree.iter("testcase")
    ]


def test_an_error_of_a_wider_teardown_is_still_reported(project: Project) -> None:
    project.write(
        "test_it.py",
        "import pytest\n\n@pytest.fixture(scope='module')\ndef broken():\n    yield\n"
        "    raise OSError('no way down')\n\ndef test_it(broken):\n    assert False\n",
    )
    once, twice = project.run("--loopcheck"), project.run("--loopcheck-again")
    for ended in (once, twice):
        assert "1 failed, 1 error in" in ended.stdout
        assert "OSError: no way down" in ended.stdout


def test_warnings_of_the_second_run_are_not_said(project: Project) -> None:
    project.write(
        "test_it.py",
        "import gc, warnings\nasync def work(): ...\ndef test_it():\n"
        "    warnings.warn('once')\n    work()\n    gc.collect()\n    assert False\n"
        "def test_next(recwarn):\n    gc.collect()\n    assert not recwarn.list\n",
    )
    once, twice = project.run("--loopcheck"), project.run("--loopcheck-again")
    for ended in (once, twice):
        assert "1 failed, 1 passed, 2 warnings" in ended.stdout


def test_subtests_are_not_reported_twice(project: Project) -> None:
    project.write(
        "test_it.py",
        "import unittest\nclass Test(unittest.TestCase):\n    def test_it(self):\n"
        "        for n in range(3):\n            with self.subTest(n=n):\n"
        "                self.assertNotEqual(n, 1)\n        assert False\n",
    )
    once, twice = project.run("--loopcheck"), project.run("--loopcheck-again")
    assert (
        once.stdout.splitlines()[-1].split(" in ")[0]
        == twice.stdout.splitlines()[-1].split(" in ")[0]
    )


def test_beside_a_plugin_that_runs_tests_itself_it_says_so(project: Project) -> None:
    project.write("test_it.py", "def test_it():\n    assert False\n")
    project.write(
        "conftest.py",
        "from _pytest.runner import runtestprotocol\n"
        "def pytest_runtest_protocol(item, nextitem):\n"
        "    runtestprotocol(item, nextitem=nextitem)\n    return True\n",
    )
    ended = project.run("--loopcheck-again")
    assert "--loopcheck-again ran no test again: " in ended.stdout
    assert "1 failed in" in ended.stdout


def test_the_ini_asks_for_it_too(project: Project) -> None:
    project.write("pytest.ini", "[pytest]\nloopcheck_again = true\n")
    project.write("test_it.py", "def test_it():\n    assert False\n")
    assert "1 failed test ran a second time" in project.run().stdout


def test_the_process_is_left_as_it_was(project: Project) -> None:
    project.write("test_it.py", BACKGROUND)
    project.write(
        "test_next.py",
        "import asyncio, sys, pytest\n\n@pytest.mark.asyncio\nasync def test_next():\n"
        "    assert asyncio.get_running_loop().get_task_factory() is None\n"
        f"    assert sys.get_coroutine_origin_tracking_depth() == {thrown_away.DEPTH}\n",
    )
    assert "1 failed, 1 passed" in project.run("--loopcheck-again").stdout
