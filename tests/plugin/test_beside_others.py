"""Beside plugins that run tests again, fake files, set clocks or forbid to block, and gevent.

None of them is installed here: each conftest does what is theirs.
"""

from pathlib import Path

import pytest
from test_plugin import Project

HEAD = """
import asyncio
import pytest

pytestmark = pytest.mark.asyncio
"""
WORK = """
async def work():
    await asyncio.sleep(60)  # its timer holds it: what nothing holds may be collected in between
"""
# As pytest-rerunfailures and flaky do: reports are handed out only when a try is over.
AGAIN = """
from _pytest.runner import runtestprotocol

def pytest_runtest_protocol(item, nextitem):
    again = True
    while again:
        item.ihook.pytest_runtest_logstart(nodeid=item.nodeid, location=item.location)
        reports = runtestprotocol(item, nextitem=nextitem, log=False)
        again = any(report.failed for report in reports)
        for report in reports:
            report.outcome = "rerun" if report.failed else report.outcome
            item.ihook.pytest_runtest_logreport(report=report)
    item.ihook.pytest_runtest_logfinish(nodeid=item.nodeid, location=item.location)
    return True

def pytest_report_teststatus(report):
    return ("rerun", "R", "RERUN") if report.outcome == "rerun" else None
"""
TRIES = f"""{WORK}
tries = iter([1, 2, 3, 4])

async def fails():
    raise ValueError("no stock")

async def test_stops_its_worker():
    worker = asyncio.create_task(work())
    await asyncio.sleep(0)
    assert next(tries) == 2
    worker.cancel()

async def test_asks_its_worker():
    worker = asyncio.create_task(fails())
    await asyncio.sleep(0)
    assert next(tries) == 4
    with pytest.raises(ValueError):
        await worker
"""
LEAKS = f"""{WORK}
async def test_leaks():
    asyncio.create_task(work())
    await asyncio.sleep(0)
"""
# As pyfakefs does: while a test runs, folders that are there are empty.
FAKES = """
import sys
from pathlib import Path
from types import ModuleType

import pytest

sys.modules["pyfakefs"] = ModuleType("pyfakefs")

@pytest.fixture
def fs(monkeypatch):
    monkeypatch.setattr(Path, "glob", lambda *given: iter(()))
"""
FAILS_AMONG_FAKES = """
def test_fails(fs):
    assert not list(Path(".").glob("*"))
    raise KeyError("price")
"""
# As freezegun does: the system's functions are replaced wherever they are a module's names.
SETS_CLOCKS = """
import sys
import time

import pytest

@pytest.fixture(autouse=True)
def frozen(monkeypatch):
    real = {one: one() for one in (time.monotonic, time.perf_counter, time.time)}
    for name in [name for name in sys.modules if name.startswith("loopcheck")]:
        for key, value in list(vars(sys.modules[name]).items()):
            if type(value) is type(time.time) and value in real:
                monkeypatch.setattr(sys.modules[name], key, lambda stands=real[value]: stands)
"""
HANGS = """
async def test_hangs():
    await asyncio.Event().wait()
"""
# As blockbuster does: what may wait for a disk is an error while a loop runs.
FORBIDS = """
import asyncio
import os

import pytest

@pytest.fixture(autouse=True)
def watched(monkeypatch):
    def forbidden(*given, real=os.listdir):
        if asyncio._get_running_loop() is not None:
            raise RuntimeError("blocks the loop")
        return real(*given)
    monkeypatch.setattr(os, "listdir", forbidden)
"""
# gevent takes the interpreter's locks over, where no other thread runs that may hold one.
COUNTS_THREADS = """
import threading

assert threading.active_count() == 1, threading.enumerate()
"""


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return Project(tmp_path)


def codes(project: Project) -> list[str]:
    return [one["code"] for one in project.report()["findings"]]


def test_what_a_failed_try_left_is_not_laid_to_the_one_that_passed(project: Project) -> None:
    project.write("conftest.py", AGAIN)
    project.write("test_tries.py", HEAD + TRIES)
    said = project.run("--loopcheck", "--loopcheck-json=report.json").stdout
    assert "2 passed, 2 rerun" in said
    assert codes(project) == [], said


def test_what_a_passing_test_leaves_is_found_where_tests_may_run_again(project: Project) -> None:
    project.write("conftest.py", AGAIN)
    project.write("test_leaks.py", HEAD + LEAKS)
    project.run("--loopcheck", "--loopcheck-json=report.json")
    assert codes(project) == ["LC201"]


def test_a_look_among_fake_files_leaves_the_modes_for_the_next(project: Project) -> None:
    project.cold = True
    project.write("conftest.py", FAKES)
    project.write("test_both.py", "from pathlib import Path\n" + FAILS_AMONG_FAKES + HEAD + LEAKS)
    said = project.run("--loopcheck", "--loopcheck-json=report.json").stdout
    assert "1 failed, 1 passed" in said
    assert codes(project) == ["LC201"]


def test_a_hang_is_ended_where_the_clock_stands_for_the_test(project: Project) -> None:
    project.write("conftest.py", SETS_CLOCKS)
    project.write("test_hangs.py", HEAD + HANGS)
    project.run("--loopcheck-hang=0.5", "--loopcheck-json=report.json")
    assert codes(project) == ["LC203"]


def test_a_hang_is_explained_where_nothing_may_block_the_loop(project: Project) -> None:
    project.write("conftest.py", FORBIDS)
    project.write("test_hangs.py", HEAD + HANGS)
    project.run("--loopcheck-hang=0.5", "--loopcheck-json=report.json")
    [one] = project.report()["findings"]
    assert (one["code"], one["certainty"]) == ("LC203", "certain")


def test_no_thread_of_ours_runs_before_the_first_test(project: Project) -> None:
    project.write("conftest.py", COUNTS_THREADS)
    project.write("test_hangs.py", HEAD + HANGS)
    project.cold = True
    said = project.run("--loopcheck-hang=0.5", "--loopcheck-json=report.json").stdout
    assert codes(project) == ["LC203"], said
