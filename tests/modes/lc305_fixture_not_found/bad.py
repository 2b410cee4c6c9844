"""A wrong name: the fixture is called store."""

# name: async_store
import os

import pytest
import pytest_asyncio
import valkey.asyncio as valkey


@pytest_asyncio.fixture
async def store():
    async with valkey.from_url(os.environ["VALKEY_URL"]) as client:
        yield client


@pytest.mark.asyncio
async def test_ping(store):
    assert await store.ping()


@pytest.mark.asyncio
async def test_get(async_store):  # LC305
    assert await async_store.get("nothing") is None
