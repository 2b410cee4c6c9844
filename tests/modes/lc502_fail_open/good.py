"""Only the store's own errors open the gate; that is counted, and tested on purpose."""

import logging
import os

import pytest
import pytest_asyncio
from valkey.asyncio import Valkey
from valkey.exceptions import ConnectionError, TimeoutError

pytestmark = pytest.mark.asyncio
log = logging.getLogger("limiter")


class Limiter:
    def __init__(self, client, limit):
        self.client, self.limit, self.opened = client, limit, 0

    async def allow(self, key):
        try:
            used = await self.client.incr(key)
            await self.client.expire(key, 60)
            return used <= self.limit
        except (ConnectionError, TimeoutError):
            self.opened += 1
            log.exception("store not available, allowing %s", key)
            return True


@pytest_asyncio.fixture
async def limiter():
    async with Valkey.from_url(os.environ["VALKEY_URL"]) as client:
        limiter = Limiter(client, limit=1)
        yield limiter
    assert limiter.opened == 0, "the limiter failed open"


async def test_the_second_call_is_blocked(limiter):
    assert await limiter.allow("k") is True
    assert await limiter.allow("k") is False


async def test_it_opens_on_purpose(caplog):
    limiter = Limiter(Valkey(host="127.0.0.1", port=1), limit=1)
    assert await limiter.allow("k") is True
    assert limiter.opened == 1
    assert "store not available" in caplog.text
