"""The fixture starts a task of its own, which opens the task group and closes it, too."""

import asyncio

import anyio
import pytest
import pytest_asyncio


class Feed:
    def __init__(self, tasks):
        self.tasks, self.seen = tasks, []

    def publish(self, price):
        self.tasks.start_soon(self.consume, price)

    async def consume(self, price):
        await anyio.sleep(0)
        self.seen.append(price)


@pytest_asyncio.fixture
async def feed():
    ready, over = asyncio.get_running_loop().create_future(), asyncio.Event()

    async def run():
        async with anyio.create_task_group() as tasks:
            ready.set_result(Feed(tasks))
            await over.wait()

    running = asyncio.create_task(run())
    yield await ready
    over.set()
    await running


@pytest.mark.asyncio
async def test_a_price_is_consumed(feed):
    feed.publish(3)
    await anyio.sleep(0.01)
    assert feed.seen == [3]
