"""The feed's task is on the session's loop: it has an item, and no turn while a test runs."""

import asyncio

import pytest
import pytest_asyncio


class Feed:
    def __init__(self):
        self.queue, self.seen = asyncio.Queue(), []

    async def run(self):
        while True:
            self.seen.append(await self.queue.get())


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def feed():  # LC106
    feed = Feed()
    task = asyncio.create_task(feed.run())
    await asyncio.sleep(0)
    yield feed
    task.cancel()


# name: feed
@pytest.mark.asyncio
async def test_an_item_is_seen(feed):
    feed.queue.put_nowait(1)
    for _ in range(3):
        await asyncio.sleep(0)
    assert feed.seen == [1]
