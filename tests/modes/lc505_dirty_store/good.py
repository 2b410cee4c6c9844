"""Each test begins with an empty store."""

import os

import pytest
import pytest_asyncio
import valkey.asyncio as valkey


@pytest_asyncio.fixture
async def client():
    async with valkey.from_url(os.environ["VALKEY_URL"]) as client:
        await client.flushdb()
        yield client


@pytest.mark.asyncio
async def test_first_hit(client):
    assert await client.incr("hits:ada") == 1


@pytest.mark.asyncio
async def test_second_hit(client):
    assert await client.incr("hits:ada") == 1
    assert await client.incr("hits:ada") == 2


@pytest.mark.asyncio
async def test_fails_of_itself(client):  # fails
    assert await client.incr("hits:ada") == 7
