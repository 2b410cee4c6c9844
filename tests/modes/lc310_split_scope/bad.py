"""The consumers of a feed run in a task group that the fixture opens around its `yield`."""

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


# name: feed
@pytest_asyncio.fixture
async def feed():
    async with anyio.create_task_group() as tasks:  # LC310
        yield Feed(tasks)


@pytest.mark.asyncio
async def test_a_price_is_consumed(feed):
    feed.publish(3)
    await anyio.sleep(0.01)
    assert feed.seen == [3]
