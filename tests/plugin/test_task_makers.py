"""Whoever starts a task that is left is named at the line that was seen to start it."""

from pathlib import Path

import pytest
from test_plugin import Project

HEAD = """
import asyncio
import threading

import pytest

pytestmark = pytest.mark.asyncio
"""
OF_ASYNCIO = {
    "asyncio.create_task(asyncio.sleep(30))": "asyncio.sleep(30)",
    "asyncio.create_task(asyncio.Event().wait())": "asyncio.Event().wait()",
    "asyncio.ensure_future(JOBS.get())": "JOBS.get()",
    "LOOP().create_task(asyncio.wait_for(asyncio.sleep(30), 60))": (
        "asyncio.wait_for(asyncio.sleep(30), 60)"
    ),
    "asyncio.create_task(asyncio.to_thread(THREADS.wait, 0.1))": (
        "asyncio.to_thread(THREADS.wait, 0.1)"
    ),
    "asyncio.gather(asyncio.sleep(30), asyncio.sleep(30))": "asyncio.sleep(30)",
    "asyncio.shield(asyncio.Barrier(2).wait())": "asyncio.Barrier(2).wait()",
    "background(asyncio.sleep(30))": "asyncio.sleep(30)",
}
NAMES = """
JOBS, THREADS, LOOP = asyncio.Queue(), threading.Event(), asyncio.get_running_loop

def background(coroutine):
    return asyncio.create_task(coroutine)
"""
TEST = """
async def test_{number}():
    kept = {call}
    await asyncio.sleep(0)
"""


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return Project(tmp_path)


def named(project: Project, *options: str) -> list[tuple[str, str, int]]:
    """Return test, subject and line to change of each LC201 of a run."""
    project.run("--loopcheck", "--loopcheck-json=report.json", *options)
    found = [one for one in project.report()["findings"] if one["code"] == "LC201"]
    return sorted(
        (one["test"].rpartition("::")[2], one["subject"]["name"], one["where"]["line"])
        for one in found
    )


def test_a_coroutine_of_asyncios_is_the_tests_own_where_its_line_starts_it(
    project: Project,
) -> None:
    text, expected = HEAD + NAMES, []
    for number, (call, name) in enumerate(OF_ASYNCIO.items()):
        text += TEST.format(number=number, call=call)
        expected.append((f"test_{number}", name, text[: text.index(call)].count("\n") + 1))
    project.write("test_left.py", text)
    assert named(project) == sorted(expected)


# Both modules start a `pump`; the test that leaves one has only met the second.
FEED = """
import asyncio

async def pump():
    await asyncio.sleep(30)

def start():
    return asyncio.create_task(pump())
"""
DISPATCH = """
import asyncio

async def dispatch(callables):
    for one in callables:
        asyncio.ensure_future(one())
    await asyncio.sleep(0)
"""
CONSUMERS = """
import asyncio

import feed
import pytest
from dispatch import dispatch

class Consumer:
    async def pump(self):
        await asyncio.sleep(30)

@pytest.mark.asyncio
async def test_consumer():
    await dispatch([Consumer().pump])
"""


def test_a_line_of_the_same_spelling_that_never_ran_is_not_named(project: Project) -> None:
    project.write("feed.py", FEED)
    project.write("dispatch.py", DISPATCH)
    project.write("test_consumers.py", CONSUMERS)
    project.run("--loopcheck", "--loopcheck-json=report.json")
    [found] = project.report()["findings"]
    assert (found["where"]["file"], found["where"]["line"]) == ("dispatch.py", 6)
    assert "feed.py" not in str(found)


def test_where_nobody_saw_who_started_it_no_line_is_guessed(project: Project) -> None:
    project.write("feed.py", FEED)
    project.write(
        "test_pump.py",
        HEAD
        + """
import weakref
import feed
from loopcheck.watch import tasks

async def test_pump():
    tasks._noted[weakref.ref(feed.start())] = ()
    await asyncio.sleep(0)
""",
    )
    project.run("--loopcheck", "--loopcheck-json=report.json")
    [found] = project.report()["findings"]
    assert (found["where"]["file"], found["where"]["line"]) == ("feed.py", 5)
    assert "made_at" not in found
