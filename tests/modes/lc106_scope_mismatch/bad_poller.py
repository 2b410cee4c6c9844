"""The poller looks for items and sleeps, on a loop that stands still while the test waits."""

import asyncio

import pytest
import pytest_asyncio

items, done = [], []


async def work():
    while True:
        while items:
            done.append(items.pop())
        await asyncio.sleep(0.005)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def worker():  # LC106
    task = asyncio.create_task(work())
    yield
    task.cancel()


# name: worker
@pytest.mark.asyncio
async def test_done(worker):
    items.append(1)
    async with asyncio.timeout(0.3):
        while not done:
            await asyncio.sleep(0.01)
