"""Both clients are used: the patch is for one of them, and only the other has no server."""

# name: client

from unittest.mock import MagicMock

import limits
import pytest


@pytest.fixture
def counter(monkeypatch):
    client = MagicMock()
    client.incr.return_value = 3
    monkeypatch.setattr("redis.from_url", lambda url: client)


@pytest.mark.asyncio
async def test_allowed(counter):
    assert limits.allowed("ada")
    assert await limits.seen("ada") is None
