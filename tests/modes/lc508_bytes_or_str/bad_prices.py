"""What a hash holds is looked up in prices that a test, or the shop's own file, gives as text."""

# name: store
import os

import pytest
import pytest_asyncio
import valkey.asyncio as valkey

pytestmark = pytest.mark.asyncio


@pytest_asyncio.fixture
async def store():
    async with valkey.from_url(os.environ["VALKEY_URL"]) as store:  # LC508
        await store.hset("basket", "apple", 2)
        yield store


async def total(store, prices):
    lines = await store.hgetall("basket")
    return sum(prices[sku] * int(n) for sku, n in lines.items())


async def test_a_total(store):
    assert await total(store, {"apple": 3}) == 6


async def test_each_line(store):
    prices = {"apple": 3}
    for sku, n in (await store.hgetall("basket")).items():
        assert prices[sku] * int(n) == 6
