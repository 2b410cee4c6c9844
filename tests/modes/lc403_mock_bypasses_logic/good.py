"""The layer under test is real, and the fault comes from below it."""

from unittest.mock import AsyncMock

import pytest


class Fetcher:
    def __init__(self, http, attempts=2):
        self.http, self.attempts = http, attempts

    async def get(self, key):
        for left in reversed(range(self.attempts)):
            try:
                return await self.http.get(key)
            except ConnectionError:
                if not left:
                    raise


@pytest.mark.asyncio
async def test_the_second_attempt_wins():
    http = AsyncMock()
    http.get.side_effect = [ConnectionError("gone"), b"42"]
    assert await Fetcher(http).get("answer") == b"42"
    assert http.get.await_count == 2
