"""The whole client is doubled, and its retry with it."""

from unittest.mock import AsyncMock

import pytest
from cache import Cache
from valkey.exceptions import TimeoutError


# name: cache.client.get
@pytest.mark.asyncio
async def test_the_second_attempt_wins():
    cache = Cache("valkey://127.0.0.1:1")
    cache.client = AsyncMock()  # LC403
    cache.client.get.side_effect = [TimeoutError("fail once"), b"42"]
    assert await cache.get("answer") == b"42"
