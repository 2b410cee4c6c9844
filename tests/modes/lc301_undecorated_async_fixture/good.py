"""pytest_asyncio's decorator: it works in both modes, and for synchronous tests."""

import os

import pytest
import pytest_asyncio
import valkey.asyncio as valkey


@pytest_asyncio.fixture
async def store():
    client = valkey.from_url(os.environ["VALKEY_URL"])
    yield client
    await client.aclose()


@pytest.mark.asyncio
async def test_store(store):
    assert await store.ping()
