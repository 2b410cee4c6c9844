"""The fixture gives a client and never closes it."""

import os

import pytest
import pytest_asyncio
import valkey.asyncio as valkey


@pytest_asyncio.fixture
async def store():  # LC307
    return valkey.from_url(os.environ["VALKEY_URL"])


# name: store
@pytest.mark.asyncio
async def test_ping(store):
    assert await store.ping()


@pytest.mark.asyncio
async def test_set(store):
    assert await store.set("cart:ada", "apples")
