"""The decorator is pytest's, the function is async: no line of it runs."""

# name: store
import os

import pytest
import valkey.asyncio as valkey


@pytest.fixture
async def store():  # LC301
    client = valkey.from_url(os.environ["VALKEY_URL"])
    yield client
    await client.aclose()


@pytest.mark.asyncio
async def test_store(store):
    assert await store.ping()
