"""A name of a container's network, on a machine that does not know it."""

import pytest
import pytest_asyncio
from redis.asyncio import Redis


@pytest_asyncio.fixture
async def sessions():
    async with Redis(host="redis-sessions.invalid", retry=None) as client:  # LC506
        yield client


# name: sessions
@pytest.mark.asyncio
async def test_login(sessions):
    await sessions.set("session:1", "ada")
