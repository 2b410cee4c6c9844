"""A method compares bytes with bytes, or the answer is another one than the test expects."""

import os

import pytest
import pytest_asyncio
import valkey.asyncio as valkey


class Oven:
    def __init__(self, store):
        self.store = store

    async def heat(self, name, heat):
        await self.store.hset(f"oven:{name}", "heat", heat)

    async def is_hot(self, name):
        return await self.store.hget(f"oven:{name}", "heat") == b"high"

    async def is_cold(self, name):
        return await self.store.hget(f"oven:{name}", "heat") == "none"


@pytest_asyncio.fixture
async def oven():
    async with valkey.Valkey.from_url(os.environ["VALKEY_URL"]) as store:
        yield Oven(store)


@pytest.mark.asyncio
async def test_it_is_low(oven):
    await oven.heat("left", "low")
    assert await oven.is_hot("left")


@pytest.mark.asyncio
async def test_it_is_not_cold(oven):
    await oven.heat("right", "high")
    assert await oven.is_cold("right")
