"""What a run that was killed has left."""

import os

import pytest_asyncio
import valkey
import valkey.asyncio

with valkey.from_url(os.environ["VALKEY_URL"]) as client:
    client.rpush("jobs", "of yesterday")


@pytest_asyncio.fixture
async def queue():  # LC505
    async with valkey.asyncio.from_url(os.environ["VALKEY_URL"]) as queue:
        yield queue
        await queue.flushdb()
