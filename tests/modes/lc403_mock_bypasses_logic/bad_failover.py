"""The double says that the server is read-only. No server said so: only the retry is missed."""

from unittest.mock import AsyncMock

import pytest
from valkey.asyncio import Valkey
from valkey.asyncio.retry import Retry
from valkey.backoff import NoBackoff
from valkey.exceptions import ReadOnlyError


class Votes:
    def __init__(self, url):
        retry = Retry(NoBackoff(), 1)
        self.client = Valkey.from_url(url, retry=retry, retry_on_error=[ReadOnlyError])

    async def count(self, name):
        return await self.client.incr(f"votes:{name}")


# name: votes.client.incr | incr
@pytest.mark.asyncio
async def test_a_failover_is_survived():
    votes = Votes("valkey://127.0.0.1:1")
    votes.client = AsyncMock()  # LC403
    votes.client.incr.side_effect = [ReadOnlyError("fail once"), 1]
    assert await votes.count("ada") == 1
