"""A synchronous fixture connects on the override's loop; the test runs on another."""

# name: event_loop
import asyncio
import os

import pytest
import valkey.asyncio as valkey


@pytest.fixture
def event_loop():  # LC302
    loop = asyncio.new_event_loop()
    yield loop
    loop.close()


@pytest.fixture
def store(event_loop):
    client = valkey.from_url(os.environ["VALKEY_URL"])
    event_loop.run_until_complete(client.ping())
    yield client
    event_loop.run_until_complete(client.aclose())


@pytest.mark.asyncio
async def test_store(store):
    assert await store.ping()
