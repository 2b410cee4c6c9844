"""An async fixture fills the store with asyncio.run: an error at set-up."""

# name: fill
import asyncio
import os

import pytest
import pytest_asyncio
import redis.asyncio as redis


async def fill(url):
    async with redis.from_url(url) as store:
        return await store.set("stock", 5)


@pytest_asyncio.fixture
async def stock():
    return asyncio.run(fill(os.environ["VALKEY_URL"]))  # LC103


@pytest.mark.asyncio
async def test_stock_is_filled(stock):
    assert stock
