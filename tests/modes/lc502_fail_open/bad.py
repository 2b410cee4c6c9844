"""A limiter lets everybody in when anything at all goes wrong: here a method that is not there."""

# name: Limiter.allow | allow
import logging
import os

import pytest
import pytest_asyncio
from valkey.asyncio import Valkey

pytestmark = pytest.mark.asyncio
log = logging.getLogger("limiter")


class Limiter:
    def __init__(self, client, limit):
        self.client, self.limit = client, limit

    async def allow(self, key):
        try:
            used = await self.client.incr(key)
            await self.client.expires(key, 60)
            return used <= self.limit
        except Exception:  # LC502
            log.warning("store not available, allowing %s", key)
            return True


@pytest_asyncio.fixture
async def client():
    async with Valkey.from_url(os.environ["VALKEY_URL"]) as client:
        yield client


async def test_the_second_call_is_blocked(client):
    limiter = Limiter(client, limit=1)
    await limiter.allow("k")
    assert await limiter.allow("k") is False
