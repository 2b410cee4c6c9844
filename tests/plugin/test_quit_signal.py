r"""Ctrl-\ while tests run shows what they wait for, and changes nothing else."""

import re
import signal
from pathlib import Path

import pytest
from test_plugin import PLUGINS, Project

pytestmark = pytest.mark.skipif(not hasattr(signal, "SIGQUIT"), reason="there is no SIGQUIT here")
# A timer of the loop sends the signal, and the handler lets the test go on when ours has answered.
ASKS = """\
import asyncio, os, queue, signal, threading
import pytest

async def serve(orders):
    await orders.get()

@pytest.mark.asyncio
async def test_waits():
    loop, orders, paper = asyncio.get_running_loop(), asyncio.Queue(), queue.Queue()
    reader = threading.Thread(target=paper.get, name="reader")
    reader.start()
    served = asyncio.create_task(serve(orders))

    def answered(number, frame):
        before(number, frame)
        loop.call_soon_threadsafe(orders.put_nowait, 1)

    before = signal.signal(signal.SIGQUIT, answered)
    loop.call_later(0.01, os.kill, os.{pid}(), signal.SIGQUIT)
    await served
    paper.put(1)
    reader.join()
    signal.signal(signal.SIGQUIT, before)
"""
BEFORE = """\
import signal
import pytest

CALLS = []

def of_the_project(number, frame):
    CALLS.append("first")

signal.signal(signal.SIGQUIT, of_the_project)

@pytest.hookimpl(trylast=True)
def pytest_unconfigure():
    assert CALLS == ["first"]
    assert signal.getsignal(signal.SIGQUIT) is of_the_project
    print("put back")
"""
WAKES = """\
import signal

QUEUES = []

def wake(number, frame):
    for one in QUEUES:
        one.put_nowait(1)

signal.signal(signal.{name}, wake)
"""
WAITS = """\
import asyncio
import conftest
import pytest

@pytest.mark.asyncio
async def test_waits():
    conftest.QUEUES.append(orders := asyncio.Queue())
    await asyncio.wait_for(orders.get(), 0.05)
"""
UNTOUCHED = """\
import signal

def test_one():
    assert signal.getsignal(signal.SIGQUIT) is signal.SIG_DFL
"""
FORKS = """\
import os, signal

def test_one():
    child = os.fork()
    if not child:
        os.kill(os.getpid(), signal.SIGQUIT)
        os._exit(0)
    assert os.WTERMSIG(os.waitpid(child, 0)[1]) == signal.SIGQUIT
"""


IN_C = """\
import faulthandler, signal

FILE = open("dump.txt", "w")
faulthandler.register(signal.SIGQUIT, FILE)
"""
ASKS_C = """\
import os, signal

def test_one():
    os.kill(os.getpid(), signal.SIGQUIT)
"""


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return Project(tmp_path)


def test_what_waits_is_shown_and_the_run_goes_on(project: Project) -> None:
    project.write("test_it.py", ASKS.format(pid="getpid"))
    done = project.run("--loopcheck")
    assert "1 passed" in done.stdout
    assert "loopcheck: what waits now, in test_it.py::test_waits (call)" in done.stderr
    assert re.search(
        r"1 task +serve waits at test_it.py:5 on .*\n +asyncio\.queues\.Queue", done.stderr
    )
    assert re.search(r"reader +no line of yours", done.stderr)
    assert "what waits now" not in done.stdout


def test_no_table_is_wider_than_a_terminal(project: Project) -> None:
    long = "prints_all_the_labels_of_all_the_orders_of_today_and_of_the_day_before"
    text = ASKS.format(pid="getpid").replace("serve(", f"{long}(").replace('"reader"', f'"{long}"')
    project.write("test_it.py", text)
    _, _, tables = project.run("--loopcheck").stderr.partition("\nloops\n")
    assert f"{long[:10]}" in tables
    assert [line for line in tables.splitlines() if len(line) > 80] == []


def test_a_test_that_nothing_can_wake_gets_its_finding(project: Project) -> None:
    project.write("test_it.py", ASKS.format(pid="getpid"))
    told = project.run("--loopcheck").stderr
    assert "LC203 hang (certain)" in told
    assert "change   test_it.py:5   await orders.get()" in told


def test_a_test_that_a_timer_wakes_gets_none(project: Project) -> None:
    timer = "loop.call_later(30, orders.put_nowait, 2)\n    loop.call_later(0.01"
    project.write("test_it.py", ASKS.format(pid="getpid").replace("loop.call_later(0.01", timer))
    told = project.run("--loopcheck").stderr
    assert "what waits now" in told
    assert "LC203" not in told


def test_the_projects_own_handler_comes_first_and_is_put_back(project: Project) -> None:
    project.write("conftest.py", BEFORE)
    project.write("test_it.py", ASKS.format(pid="getpid"))
    done = project.run("--loopcheck")
    assert "1 passed" in done.stdout
    assert "put back" in done.stdout
    assert "what waits now" in done.stderr


def test_the_controller_passes_it_on_to_its_workers(project: Project) -> None:
    project.write("test_it.py", ASKS.format(pid="getppid"))
    plugins = (*PLUGINS, "-p", "xdist.plugin")
    done = project.run("--loopcheck", "-n", "1", plugins=plugins)
    assert "1 passed" in done.stdout
    assert "loopcheck: each of the 1 workers says what it waits for" in done.stderr
    assert "what waits now, in test_it.py::test_waits (call)" in done.stderr


def test_without_the_option_no_handler_is_there(project: Project) -> None:
    project.write("test_it.py", UNTOUCHED)
    assert "1 passed" in project.run().stdout


def test_a_child_that_is_forked_still_ends_by_it(project: Project) -> None:
    project.write("test_it.py", FORKS)
    assert "1 passed" in project.run("--loopcheck").stdout


@pytest.mark.skipif(
    not Path("/proc/self/status").exists(), reason="only Linux tells of such a handler"
)
def test_a_handler_of_faulthandler_stays(project: Project) -> None:
    project.write("dumps.py", IN_C)
    project.write("test_it.py", ASKS_C)
    done = project.run("--loopcheck", plugins=("-p", "dumps", *PLUGINS))
    assert "1 passed" in done.stdout
    assert "most recent call first" in (project.root / "dump.txt").read_text()
    assert "what waits now" not in done.stderr


@pytest.mark.parametrize("name", ["SIGQUIT", "SIGUSR1"])
def test_a_handler_that_may_wake_the_test_still_counts(project: Project, name: str) -> None:
    project.write("conftest.py", WAKES.format(name=name))
    project.write("test_it.py", WAITS)
    told = project.run("--loopcheck").stdout
    assert "1 failed" in told
    assert "LC203" not in told


def test_the_handler_of_ours_wakes_nothing(project: Project) -> None:
    project.write("conftest.py", "QUEUES = []\n")
    project.write("test_it.py", WAITS)
    assert "LC203 hang (certain)" in project.run("--loopcheck").stdout
