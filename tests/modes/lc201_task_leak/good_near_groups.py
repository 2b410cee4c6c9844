"""Groups, timeouts, `gather` and what a module's fixture owns until its end."""

import asyncio

import pytest
import pytest_asyncio

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def work(seconds=0.001):
    await asyncio.sleep(seconds)


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def heartbeat():
    task = asyncio.create_task(work(3600))
    yield task
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def test_group(heartbeat):
    async with asyncio.TaskGroup() as group:
        group.create_task(work())


async def test_timeout(heartbeat):
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(work(60), 0.01)


async def test_gather(heartbeat):
    await asyncio.gather(work(), work())
    assert not heartbeat.done()
