"""The name that it has."""

import os

import pytest
import pytest_asyncio
import valkey.asyncio as valkey


@pytest_asyncio.fixture
async def store():
    async with valkey.from_url(os.environ["VALKEY_URL"]) as client:
        yield client


@pytest.mark.asyncio
async def test_get(store):
    assert await store.get("nothing") is None
