"""A fixture asks for the loop, as all the old recipes say."""

# name: event_loop
import os

import pytest
import pytest_asyncio
import valkey.asyncio as valkey


@pytest_asyncio.fixture
async def store(event_loop):  # LC302
    async with valkey.from_url(os.environ["VALKEY_URL"]) as client:
        yield client


@pytest.mark.asyncio
async def test_ping(store):
    assert await store.ping()


@pytest.mark.asyncio
async def test_get(store):
    assert await store.get("nothing") is None
