"""An earlier test's field is in the hash to which this one adds a field."""

# name: cart.store

import os

import pytest
import pytest_asyncio
import valkey.asyncio as valkey


class Cart:
    def __init__(self, store):
        self.store = store

    async def put(self, what, number):
        await self.store.hset("cart", what, number)

    async def contents(self):
        return await self.store.hgetall("cart")


@pytest_asyncio.fixture
async def cart():  # LC505
    store = valkey.from_url(os.environ["VALKEY_URL"])
    yield Cart(store)
    await store.aclose()


@pytest.mark.asyncio
async def test_puts_apples(cart):
    await cart.put("apples", 3)
    assert await cart.contents() == {b"apples": b"3"}


@pytest.mark.asyncio
async def test_puts_pears(cart):
    await cart.put("pears", 1)
    contents = await cart.contents()
    assert contents == {b"pears": b"1"}


@pytest.mark.asyncio
async def test_counts_what_it_puts(cart):
    await cart.put("plums", 1)
    assert await cart.store.hlen("cart") == 1
