"""One store for all tests, which know that, and failures that have nothing to do with it."""

import os

import pytest
import pytest_asyncio
import valkey.asyncio as valkey


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def store():
    async with valkey.from_url(os.environ["VALKEY_URL"], decode_responses=True) as store:
        await store.flushdb()
        await store.set("currency", "EUR")
        await store.rpush("prices", 1, 2)
        yield store


pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_currency(store):
    assert await store.get("currency") == "EUR"


async def test_sells(store):
    await store.incr("sold")
    await store.set("last", "apples")


async def test_last(store):  # fails: it goes on where the last one stopped, and is wrong
    assert await store.get("last") == "pears"


async def test_price(store):  # fails: what it asks for is the fixture's
    assert await store.lrange("prices", 0, -1) == []


async def test_sum(store):  # fails of itself, while the store counts on
    sold = await store.incr("sold")
    total = 2 + 2
    assert total == 5, sold


async def test_own_key(store):  # fails: it wrote the key itself
    await store.set("last", "plums")
    assert await store.get("last") is None


async def test_cleared(store):
    await store.delete("sold")


async def test_after_clearing(store):  # fails: somebody emptied it
    assert await store.incr("sold") == 2


async def test_error_of_its_own(store):  # fails
    await store.incr("sold")
    {"apples": 3}["pears"]
