"""The client's retry is replaced, and would not have held: its list has no such error."""

from unittest.mock import AsyncMock

import pytest
from valkey.asyncio import Valkey
from valkey.asyncio.retry import Retry
from valkey.backoff import NoBackoff
from valkey.exceptions import ReadOnlyError


class Cache:
    def __init__(self, url):
        self.client = Valkey.from_url(url, retry=Retry(NoBackoff(), 1))

    async def get(self, key):
        return await self.client.get(key)


# name: cache.client.get
@pytest.mark.asyncio
async def test_a_failover_is_survived():
    cache = Cache("valkey://127.0.0.1:1")
    cache.client = AsyncMock()  # LC403
    cache.client.get.side_effect = [ReadOnlyError("once"), b"42"]
    assert await cache.get("answer") == b"42"
