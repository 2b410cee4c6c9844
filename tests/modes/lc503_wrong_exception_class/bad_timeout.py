"""The fallback of the code under test never runs: a slow store raises another TimeoutError."""

# name: asyncio.TimeoutError
import asyncio
import os

import pytest
import pytest_asyncio
from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff

pytestmark = pytest.mark.asyncio


class Prices:
    def __init__(self, store):
        self.store = store

    async def of(self, item):
        try:
            return await self.store.blpop(f"price:{item}", timeout=3)
        except asyncio.TimeoutError:  # LC503
            return None


@pytest_asyncio.fixture
async def store():
    url = os.environ["VALKEY_URL"]
    once = Retry(NoBackoff(), 0)
    async with Redis.from_url(url, socket_timeout=0.05, retry=once) as client:
        yield client


async def test_no_price_in_time_is_none(store):
    assert await Prices(store).of("tea") is None
