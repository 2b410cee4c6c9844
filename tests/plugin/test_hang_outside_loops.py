"""`--loopcheck-hang` ends synchronous code of a test or a fixture, too, if it makes no progress."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from test_plugin import PLUGINS, Project

TEXT = """\
import queue, select, socket, threading, time
import pytest

LIMIT = 0.4
dice = 6

def test_spins():
    while dice != 7:
        pass

def test_catches_all():
    for _ in range(3):
        try:
            while dice != 7:
                pass
        except BaseException:
            pass

def test_acquires_again():
    key = threading.Lock()
    with key:
        with key:
            pass

def test_joins():
    reader = threading.Thread(target=queue.Queue().get, daemon=True)
    reader.start()
    reader.join()

def test_waits_for_a_socket():
    near, far = socket.socketpair()
    with near, far:
        select.select([near], [], [])

@pytest.fixture
def mailbox():
    yield queue.Queue()
    queue.Queue().get()

def test_is_torn_down(mailbox):
    pass

@pytest.fixture
def radio():
    threading.Event().wait()

def test_is_set_up(radio):
    pass

def test_sleeps_for_some_time():
    time.sleep(1.5 * LIMIT)

def test_goes_on_for_long():
    end, count = time.monotonic() + 6 * LIMIT, 0
    while time.monotonic() < end:
        count += 1
        time.sleep(LIMIT / 10)

def nap():
    time.sleep(LIMIT / 10)

def test_naps_often():
    for _ in range(30):
        nap()

def test_polls():
    end = time.monotonic() + 3.5 * LIMIT
    while time.monotonic() < end:
        nap()

def test_goes_through_much():
    for _ in range(60):
        time.sleep(LIMIT / 10)

def test_last():
    pass
"""


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, str], list[dict[str, Any]]]:
    """Return how each test ended, and the findings."""
    project = Project(tmp_path_factory.mktemp("plain"))
    project.write("test_it.py", TEXT)
    project.run("--loopcheck-hang=0.4", "--junitxml=out.xml", "--loopcheck-json=report.json")
    ends: dict[str, str] = {}
    for case in ElementTree.parse(project.root / "out.xml").iter("testcase"):
        kinds = [part.tag for part in case if part.tag in ("failure", "error")]
        ends[str(case.get("name"))] = " ".join(kinds) or "passed"
    return ends, project.report()["findings"]


Ran = tuple[dict[str, str], list[dict[str, Any]]]


@pytest.mark.parametrize(
    ("test", "ends", "code", "line", "certainty"),
    [
        ("test_spins", "failure", "LC204", "while dice != 7:", "certain"),
        ("test_catches_all", "failure", "LC204", "while dice != 7:", "certain"),
        ("test_acquires_again", "failure", "LC203", "with key:", "certain"),
        ("test_joins", "failure", "LC203", "reader.join()", "certain"),
        ("test_waits_for_a_socket", "failure", "LC203", "select.select([near], [], [])", "likely"),
        ("test_is_torn_down", "error", "LC203", "queue.Queue().get()", "certain"),
        ("test_is_set_up", "error", "LC203", "threading.Event().wait()", "certain"),
    ],
)
def test_what_stays_is_ended_and_its_line_named(
    ran: Ran, test: str, ends: str, code: str, line: str, certainty: str
) -> None:
    ended, findings = ran
    assert ended[test] == ends
    [found] = [one for one in findings if one["test"] == f"test_it.py::{test}"]
    assert (found["code"], found["certainty"]) == (code, certainty)
    assert TEXT.splitlines()[found["where"]["line"] - 1].strip() == line


@pytest.mark.parametrize(
    "test",
    [
        "test_sleeps_for_some_time",
        "test_goes_on_for_long",
        "test_naps_often",
        "test_polls",
        "test_goes_through_much",
        "test_last",
    ],
)
def test_what_goes_on_is_left_alone(ran: Ran, test: str) -> None:
    ended, findings = ran
    assert ended[test] == "passed"
    assert [one for one in findings if one["test"] == f"test_it.py::{test}"] == []


DEBUGGED = """\
import pytest
import pytest_asyncio

def test_stops():
    breakpoint()

@pytest.mark.asyncio
async def test_stops_in_a_loop():
    breakpoint()
"""


def test_no_limit_counts_while_someone_debugs(tmp_path: Path) -> None:
    project = Project(tmp_path)
    project.write("test_it.py", DEBUGGED)
    ran = subprocess.run(
        [sys.executable, "-m", "pytest", *PLUGINS, "--loopcheck-hang=0.2", "-s"],
        cwd=tmp_path,
        env=os.environ | {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
        input="import time; time.sleep(1.2)\nc\n" * 2,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert "2 passed" in ran.stdout
