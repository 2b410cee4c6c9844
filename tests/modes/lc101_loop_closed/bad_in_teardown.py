"""The test passes; a synchronous fixture closes the client on a loop of its own."""

# name: store
import asyncio
import os

import pytest
import valkey.asyncio as valkey


@pytest.fixture
def store():
    store = valkey.from_url(os.environ["VALKEY_URL"])
    yield store
    asyncio.run(store.aclose())  # LC101


@pytest.mark.asyncio
async def test_stock_is_set(store):
    assert await store.set("stock", 5)
