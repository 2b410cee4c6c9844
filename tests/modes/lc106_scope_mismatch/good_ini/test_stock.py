"""The ini says one loop for all, fixtures and tests."""

import os

import pytest
import valkey.asyncio as valkey


@pytest.fixture(scope="session")
async def store():
    async with valkey.from_url(os.environ["VALKEY_URL"]) as store:
        await store.ping()
        yield store


async def test_stock_is_set(store):
    assert await store.set("stock", 5)


async def test_stock_is_read(store):
    await store.get("stock")
