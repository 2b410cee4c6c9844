"""The test makes its own client, and lets it fall."""

import os

import pytest
import redis.asyncio as redis


# name: client
@pytest.mark.asyncio
async def test_count():
    client = redis.Redis.from_url(os.environ["VALKEY_URL"])  # LC307
    await client.incr("visits")
    assert int(await client.get("visits")) == 1
