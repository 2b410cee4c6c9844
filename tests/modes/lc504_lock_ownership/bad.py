"""The work takes longer than the lock lives."""

import asyncio
import os

import pytest
import pytest_asyncio
import valkey.asyncio as valkey


@pytest_asyncio.fixture
async def client():
    async with valkey.from_url(os.environ["VALKEY_URL"]) as client:
        yield client


async def nightly(client):
    lock = client.lock("nightly", timeout=0.05)  # LC504
    await lock.acquire()
    await asyncio.sleep(0.1)
    await lock.release()


# name: lock
@pytest.mark.asyncio
async def test_nightly(client):
    await nightly(client)
