"""On the loop of a class: the feed dies of its fixture's end, and no test fails."""

import asyncio

import pytest
import pytest_asyncio


class Feed:
    def __init__(self):
        self.news, self.closing = asyncio.Queue(), asyncio.Event()

    async def read(self):
        while (item := await self.news.get()) is not None:
            yield item
        raise ConnectionError("the feed was closed")


# name: follow
async def follow(feed, seen):
    async for item in feed.read():
        seen.append(item)


@pytest_asyncio.fixture(loop_scope="class", scope="class")
async def feed():
    feed = Feed()
    yield feed
    feed.news.put_nowait(None)
    await asyncio.sleep(0)


@pytest.mark.asyncio(loop_scope="class")
class TestFeed:
    async def test_follow(self, feed):
        seen = []
        asyncio.create_task(follow(feed, seen))  # LC201
        feed.news.put_nowait("rain")
        await asyncio.sleep(0.01)
        assert seen == ["rain"]

    async def test_sun(self, feed):
        assert feed.news.empty()
