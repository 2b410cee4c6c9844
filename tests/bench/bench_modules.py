"""What a suite as projects have it costs with --loopcheck: many modules, polls, and collections.

Some suites collect garbage after each test, as aiohttp's does: then each object that we keep costs
in each test. Once all tests pass, and once the first fail, since more is kept after that.

python tests/bench/bench_modules.py
"""

import tempfile
from pathlib import Path
from statistics import median

from bench_passing import ALONE, OURS, WAYS, pairs, seconds
from measured import QUICK, Part, ratio, table, tell

MODULES = 20 if QUICK else 60
PAIRS = 1 if QUICK else 15
CONFTEST = """
import gc
import pytest

@pytest.fixture(autouse=True)
def collected():
    yield
    gc.collect()

@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session):
    session.exitstatus = 0  # the tests that fail are meant to
"""
# Each has a class of its own, mocks, a patch, tasks, and a poll whose limits run out.
MODULE = """
import asyncio
from unittest import mock

import pytest

pytestmark = pytest.mark.asyncio

class Cart{number}:
    def __init__(self, store):
        self.store, self.seen = store, []

    async def fetch(self, key):
        await asyncio.sleep(0)
        self.seen.append(await self.store.get(key))
        return self.seen[-1]

async def poll(ready):
    while not ready.is_set():
        try:
            async with asyncio.timeout(0):
                await ready.wait()
        except TimeoutError:
            await asyncio.sleep(0)

@pytest.fixture
def cart():
    store = mock.AsyncMock()
    store.get.return_value = {number}
    return Cart{number}(store)

@pytest.mark.parametrize("key", ["a", "b", "c"])
async def test_fetch(cart, key):
    assert await cart.fetch(key) == {number}

async def test_patched(cart):
    with mock.patch.object(Cart{number}, "fetch", mock.AsyncMock(return_value=1)) as fetch:
        assert await cart.fetch("x") == 1
    fetch.assert_awaited_once()

async def test_poll():
    ready = asyncio.Event()
    for _ in range(20):
        asyncio.get_running_loop().call_soon(ready.set)
        await asyncio.wait_for(poll(ready), 5)
        ready.clear()

async def test_tasks(cart):
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(cart.fetch(key)) for key in "abcde"]
    assert [task.result() for task in tasks] == [{number}] * 5
"""
FAILING = """
import asyncio
import pytest

pytestmark = pytest.mark.asyncio
ready = asyncio.Event()

@pytest.mark.parametrize("number", range(3))
async def test_ready(number):
    asyncio.get_running_loop().call_soon(ready.set)
    ready.clear()
    assert await ready.wait()
"""


def write(folder: Path, *, failing: bool) -> None:
    folder.mkdir()
    (folder / "pytest.ini").write_text("[pytest]\nasyncio_default_fixture_loop_scope = function\n")
    (folder / "conftest.py").write_text(CONFTEST)
    (folder.parent / "nothing.py").write_text('"""A plugin without a hook."""\n')
    for number in range(MODULES):
        name = f"test_module_{number:02}.py"
        (folder / name).write_text(MODULE.replace("{number}", str(number)))
    if failing:
        (folder / "test_first.py").write_text(FAILING)


def row(folder: Path, *, failing: bool) -> list[str]:
    """Return what such a suite takes without and with loopcheck."""
    write(folder, failing=failing)
    for way in (ALONE, OURS):
        seconds(folder, WAYS[way])  # what is compiled and rewritten is kept for the next
    found = pairs(folder, OURS, PAIRS)
    what = "two tests fail before them" if failing else "all pass"
    plain, ours = (f"{median(found[one]):.2f}" for one in (ALONE, OURS))
    return [what, plain, ours, f"{ratio(found, OURS, ALONE):.2f}"]


def measure() -> Part:
    with tempfile.TemporaryDirectory() as name:
        folders = {failing: Path(name, str(failing), "project") for failing in (False, True)}
        for folder in folders.values():
            folder.parent.mkdir()
        rows = [row(folder, failing=failing) for failing, folder in folders.items()]
    head = ["tests", f"{ALONE}, s", f"{OURS}, s", "ratio"]
    note = (
        f"{MODULES * 6} tests in {MODULES} modules, with mocks, a patch, tasks, and polls whose"
        " limits run out; garbage is collected after each test. Processor time of whole runs."
    )
    return Part(title="Many modules, polls, and collections", text=f"{table(head, rows)}\n\n{note}")


if __name__ == "__main__":
    tell(measure)
