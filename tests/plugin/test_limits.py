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
    "in a test that expects another error": """
class Line:
    def __init__(self):
        self.in_use = asyncio.Lock()
    async def call(self):
        await self.in_use.acquire()  # here

async def test_it():
    line = Line()
    await line.call()
    with pytest.raises(ValueError, match="in use"):
        await asyncio.wait_for(line.call(), 0.1)
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
def test_what_follows_an_error_is_imported_before_a_test_with_limits_and_for_no_other(
    project: Project, limit: str
) -> None:
    """Amid a test the import holds up its loop: timers that are near each other change places."""
    project.cold = True
    text = f"""
import sys
async def test_it():  # {limit}
    assert ("loopcheck.process.waiting.error_route" in sys.modules) is {bool(limit)}
    assert "loopcheck.process.waiting.expired_limits" not in sys.modules
"""
    assert run(project, HEAD + text).returncode == 0


LOOKS = """
from unittest import mock
from loopcheck.process.waiting import expired_limits as limited

looks = mock.patch.object(limited, "read", wraps=limited.read).start()


def test_how_many_looks():
    print("looks:", looks.call_count)
"""

POLLS = {
    "a reason to raise": """
async def poll(queue, strict=False):
    try:
        async with asyncio.timeout(0):
            return await queue.get()
    except TimeoutError:
        if not strict:
            return None
        raise
""",
    "a wait with a limit": """
async def poll(queue, strict=False):
    try:
        return await asyncio.wait_for(queue.get(), 0.001)
    except asyncio.TimeoutError as error:
        if strict:
            raise LookupError from error
""",
}


@pytest.mark.parametrize("poll", POLLS.values(), ids=POLLS)
def test_a_test_that_polls_is_not_looked_at(project: Project, poll: str) -> None:
    """A look takes the time that its own limits count: it would fail since it was looked at."""
    text = f"""{poll}
async def test_it():
    queue = asyncio.Queue()
    for _ in range(20):
        assert await poll(queue) is None
"""
    seen = run(project, HEAD + text + LOOKS, "-s")
    assert seen.returncode == 0, seen.stdout
    assert project.report()["findings"] == []
    assert "looks: 0" in seen.stdout


def test_a_run_whose_looks_were_in_vain_looks_no_more(project: Project) -> None:
    """What a frame that runs has entered is not to be seen: it may catch the error."""
    text = """
class Quiet:
    def __enter__(self): ...
    def __exit__(self, *_): return True


async def wait():
    await asyncio.wait_for(asyncio.Queue().get(), 0.001)


@pytest.mark.parametrize("number", range(7))
def test_it(number):
    with Quiet():
        asyncio.run(wait())
"""
    head = HEAD.replace("pytestmark", "_")
    seen = run(project, head + text + LOOKS, "-s")
    assert seen.returncode == 0, seen.stdout
    assert "looks: 3" in seen.stdout


def test_looks_at_tests_that_fail_are_not_in_vain_though_their_cause_is_only_counted(
    project: Project,
) -> None:
    text = """
@pytest.mark.parametrize("number", range(7))
async def test_one(number):
    await asyncio.wait_for(asyncio.Event().wait(), 0.001)

async def test_other():
    lock = asyncio.Lock()
    async with lock:
        async with asyncio.timeout(0.001):
            await lock.acquire()  # here
"""
    run(project, HEAD + text)
    lines = (HEAD + text).splitlines()
    found = project.report()["findings"]
    assert any("# here" in lines[one["where"]["line"] - 1] for one in found)


LOADS_NOTHING = """
import sys

async def work(limit):
    try:
        await limit()
    except TimeoutError:
        return "late"

async def waits_for():
    await asyncio.wait_for(asyncio.Event().wait(), 0.01)

async def block():
    async with asyncio.timeout(0.01):
        await asyncio.Event().wait()

async def of_anyio():
    with anyio.fail_after(0.01):
        await anyio.sleep(60)

@pytest.mark.parametrize("limit", [LIMIT])
async def test_it(limit):
    before = set(sys.modules)
    assert await work(limit) == "late"
    assert not [one for one in sys.modules if one.startswith("loopcheck") and one not in before]
"""


@pytest.mark.parametrize("limit", ["waits_for", "block", "of_anyio"])
def test_a_limit_that_fires_in_a_passing_test_loads_nothing(project: Project, limit: str) -> None:
    """The first import of many modules takes longer than a short limit, or the sleep beside it."""
    project.cold = True  # a warm run has them
    seen = run(project, HEAD + LOADS_NOTHING.replace("LIMIT", limit))
    assert seen.returncode == 0, seen.stdout
