"""A limit that runs out: who waits for what never comes is told so, however the limit is set."""

import subprocess
from pathlib import Path

import pytest
from test_plugin import PLUGINS, Project

HEAD = "import asyncio\nimport anyio\nimport pytest\n\npytestmark = pytest.mark.asyncio\n\n"
FOREVER = {
    "anyio": """
async def test_it():
    send, receive = anyio.create_memory_object_stream(1)
    with anyio.fail_after(0.1):
        await receive.receive()  # here
""",
    "a group": """
async def test_it():
    ready = asyncio.Event()
    async def wait():
        await ready.wait()  # here
    async with asyncio.timeout(0.1):
        async with asyncio.TaskGroup() as group:
            group.create_task(wait())
""",
    "a limit within a limit": """
async def test_it():
    full = asyncio.Queue(1)
    full.put_nowait(1)
    async def fill():
        await asyncio.wait_for(full.put(2), 0.1)  # here
    await asyncio.wait_for(fill(), 60)
""",
    "a lock of who waits": """
async def test_it():
    lock = asyncio.Lock()
    async def take():
        await asyncio.wait_for(lock.acquire(), 0.1)  # here
    async with lock:
        await asyncio.wait_for(take(), 60)
""",
    "locks in another order": """
async def test_it():
    one, two = asyncio.Lock(), asyncio.Lock()
    async def take(first, second):
        async with first:
            await asyncio.sleep(0)
            async with second:  # here
                pass
    await asyncio.wait_for(asyncio.gather(take(one, two), take(two, one)), 0.1)
""",
    "a shield": """
async def test_it():
    ready = asyncio.Event()
    async def wait():
        await ready.wait()  # here
    task = asyncio.create_task(wait())
    await asyncio.wait_for(asyncio.shield(task), 0.1)
""",
    "a future": """
async def test_it():
    answer = asyncio.get_running_loop().create_future()
    await asyncio.wait_for(answer, 0.1)  # here
""",
    "words of the test's own": """
async def test_it():
    ready = asyncio.Event()
    try:
        await asyncio.wait_for(ready.wait(), 0.1)  # here
    except asyncio.TimeoutError:
        pytest.fail("not ready")
""",
}


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return Project(tmp_path)


def run(project: Project, text: str, *options: str) -> "subprocess.CompletedProcess[str]":
    project.write("test_it.py", text)
    return project.run("--loopcheck-json=report.json", *options, plugins=PLUGINS)


@pytest.mark.parametrize("text", FOREVER.values(), ids=FOREVER)
def test_what_never_comes_is_named(project: Project, text: str) -> None:
    run(project, HEAD + text)
    [found] = project.report()["findings"]
    lines = (HEAD + text).splitlines()
    assert (found["code"], found["certainty"]) == ("LC203", "certain")
    assert "# here" in lines[found["where"]["line"] - 1]
    assert "asyncio.timeout" not in found["fix"]  # it has a limit


def test_a_limit_that_passing_tests_reckon_with_leaves_no_trace(project: Project) -> None:
    text = """
async def test_it():
    for _ in range(3):
        try:
            await asyncio.wait_for(asyncio.Queue().get(), 0.01)
        except TimeoutError:
            pass
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.01):
            await asyncio.Event().wait()
"""
    assert run(project, HEAD + text).returncode == 0
    assert project.report()["findings"] == []


@pytest.mark.parametrize("limit", ["", "wait_for"])
def test_what_looks_is_imported_before_a_test_with_limits_and_for_no_other(
    project: Project, limit: str
) -> None:
    """Amid a test the import holds up its loop: timers that are near each other change places."""
    project.cold = True
    text = f"""
import sys
async def test_it():  # {limit}
    assert ("loopcheck.facts.probes.limited" in sys.modules) is {bool(limit)}
"""
    assert run(project, HEAD + text).returncode == 0
