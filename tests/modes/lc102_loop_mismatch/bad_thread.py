"""The test's own loop waits; a thread with a loop of its own uses the test's client."""

# name: stock
import asyncio
import os

import pytest
import pytest_asyncio
import valkey.asyncio as valkey


@pytest_asyncio.fixture
async def stock():  # LC102
    async with valkey.from_url(os.environ["VALKEY_URL"]) as stock:
        await stock.set("stock:nails", 100)
        yield stock


def next_order(stock):
    return asyncio.run(stock.blpop("orders-by-phone", timeout=1))


@pytest.mark.asyncio
async def test_no_order_comes_in(stock):
    assert await asyncio.to_thread(next_order, stock) is None
