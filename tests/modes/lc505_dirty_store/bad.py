"""A counter goes on where the test before stopped."""

import os

import pytest
import pytest_asyncio
import valkey.asyncio as valkey


@pytest_asyncio.fixture
async def client():  # LC505
    async with valkey.from_url(os.environ["VALKEY_URL"]) as client:
        yield client


async def allowed(client, user, limit):
    return await client.incr(f"hits:{user}") <= limit


@pytest.mark.asyncio
async def test_first_hit(client):
    assert await allowed(client, "ada", limit=1)


# name: client
@pytest.mark.asyncio
async def test_limit(client):
    assert await allowed(client, "ada", limit=1)
    assert not await allowed(client, "ada", limit=1)
