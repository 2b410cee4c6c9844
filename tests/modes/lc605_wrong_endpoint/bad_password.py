"""The password of yesterday."""

import os
from urllib.parse import urlsplit

import pytest
import pytest_asyncio
from redis.asyncio import Redis

STORE = urlsplit(os.environ["VALKEY_URL"])


@pytest_asyncio.fixture
async def cache():
    password = "correct-horse"  # LC605
    async with Redis(host=STORE.hostname, port=STORE.port, password=password) as cache:
        yield cache


# name: cache
@pytest.mark.asyncio
async def test_it_is_empty(cache):
    assert await cache.get("nothing") is None
