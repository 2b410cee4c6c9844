"""What an object keeps is closed: by its own method, by an exit stack, or by who made it."""

from contextlib import AsyncExitStack

import aiohttp
import pytest
import pytest_asyncio


class Feed:
    def __init__(self):
        self._http = aiohttp.ClientSession()

    async def stop(self):
        await self._http.close()


@pytest_asyncio.fixture
async def feed():
    feed = Feed()
    yield feed
    await feed.stop()


@pytest.mark.asyncio
async def test_by_its_fixture(feed):
    assert feed is not None


@pytest.mark.asyncio
async def test_by_a_stack():
    async with AsyncExitStack() as stack:
        feed = Feed()
        stack.push_async_callback(feed.stop)
        assert feed is not None
