"""A suite on uvloop's loops, whose classes are not Python's: what is seen there all the same."""

import importlib.util
from pathlib import Path

import pytest
from test_plugin import Project

pytestmark = pytest.mark.skipif(
    importlib.util.find_spec("uvloop") is None, reason="no uvloop for this platform"
)
SUITE = """\
import asyncio
import time

import pytest
import uvloop

pytestmark = pytest.mark.asyncio
FUTURES = []

@pytest.fixture(scope="session")
def event_loop_policy():
    return uvloop.EventLoopPolicy()

async def forever():
    await asyncio.Event().wait()

async def fails():
    raise ValueError("lost")

async def test_makes():
    FUTURES.append(asyncio.get_running_loop().create_future())

async def test_uses():
    await FUTURES[0]

async def test_leaks():
    asyncio.create_task(forever())
    await asyncio.sleep(0)

async def test_loses():
    task = asyncio.create_task(fails())
    FUTURES.append(task)
    await asyncio.sleep(0)

async def test_blocks():
    time.sleep(0.25)

async def test_is_well():
    assert type(asyncio.get_running_loop()) is uvloop.Loop
    await asyncio.create_task(asyncio.sleep(0))
"""


def test_faults_on_loops_that_are_not_pythons_are_named(tmp_path: Path) -> None:
    project = Project(tmp_path)
    project.write("test_fast.py", SUITE)
    ended = project.run("--loopcheck", "--loopcheck-json=report.json")
    found = project.report()["findings"]
    seen = {(one["code"], one["test"].rpartition("::")[2], one["where"]["line"]) for one in found}
    assert seen == {
        ("LC102", "test_uses", 8),
        ("LC201", "test_leaks", 27),
        ("LC205", "test_loses", 31),
        ("LC107", "test_blocks", 36),
    }, ended.stdout


REFUSED = """\
import asyncio
import socket

import pytest
import uvloop

@pytest.fixture(scope="session")
def event_loop_policy():
    return uvloop.EventLoopPolicy()

async def hear(beacon):
    loop = asyncio.get_running_loop()
    return await asyncio.wait_for(loop.sock_recvfrom(beacon, 512), 1)

@pytest.mark.asyncio
async def test_hear():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as beacon:
        beacon.setblocking(False)
        assert await hear(beacon)
"""


def test_what_its_loops_do_not_have_is_named_at_the_line_that_asks(tmp_path: Path) -> None:
    project = Project(tmp_path)
    project.write("test_beacon.py", REFUSED)
    project.run("--loopcheck", "--loopcheck-json=report.json")
    [found] = project.report()["findings"]
    assert (found["code"], found["where"]["line"]) == ("LC104", 13)
    assert found["what"] == (
        "`loop.sock_recvfrom` needs `sock_recvfrom`, which a `uvloop.Loop` does not have."
    )
