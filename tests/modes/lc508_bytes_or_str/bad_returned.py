"""The comparison is in a method that has returned, and nothing keeps the bytes."""

# name: oven.store

import enum
import os

import pytest
import pytest_asyncio
import valkey.asyncio as valkey


class Heat(str, enum.Enum):
    LOW = "low"
    HIGH = "high"


class Oven:
    def __init__(self, store):
        self.store = store

    async def heat(self, name, heat):
        await self.store.hset(f"oven:{name}", "heat", heat.value)

    async def is_hot(self, name):
        return await self.store.hget(f"oven:{name}", "heat") == Heat.HIGH.value


@pytest_asyncio.fixture
async def oven():
    async with valkey.Valkey.from_url(os.environ["VALKEY_URL"]) as store:  # LC508
        yield Oven(store)


@pytest.mark.asyncio
async def test_it_gets_hot(oven):
    await oven.heat("left", Heat.HIGH)
    assert await oven.is_hot("left")
