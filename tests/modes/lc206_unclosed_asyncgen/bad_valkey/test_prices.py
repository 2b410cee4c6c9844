"""A channel of a real server is still subscribed when the client is closed."""

import asyncio
import os

import pytest
import valkey.asyncio as valkey
from prices import CHANNEL, next_price


@pytest.fixture
async def store():
    async with valkey.from_url(os.environ["VALKEY_URL"]) as client:
        yield client


# name: prices
@pytest.mark.asyncio
class TestPrices:
    async def test_next(self, store):
        ready = asyncio.Event()
        task = asyncio.create_task(next_price(store, ready))
        await ready.wait()
        while not await store.publish(CHANNEL, "7"):
            await asyncio.sleep(0.01)
        assert await task == b"7"
