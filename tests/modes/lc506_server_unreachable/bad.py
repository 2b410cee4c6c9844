"""The tests know an address, and nobody starts a server there."""

import pytest
import pytest_asyncio
import valkey.asyncio as valkey

STORE_URL = "valkey://:s3cret@127.0.0.1:9/0"  # LC506


@pytest_asyncio.fixture
async def store():
    client = valkey.from_url(STORE_URL)
    yield client
    await client.aclose()


# name: store
@pytest.mark.asyncio
async def test_stock(store):
    await store.hset("stock", "apples", 3)
    assert await store.hget("stock", "apples") == b"3"


@pytest.mark.asyncio
async def test_empty(store):
    assert await store.hgetall("stock") == {}
