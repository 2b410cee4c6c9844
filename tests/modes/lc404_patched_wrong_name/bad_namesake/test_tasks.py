"""The client without `asyncio` is patched; the code makes its own with the one that has it."""

# name: redis.asyncio.from_url | board.Redis
# findings: 2

from unittest.mock import AsyncMock, patch

import pytest
from board import Board
from tasks import Scheduler


class Fake:
    async def zrangebyscore(self, key, first, last):
        return []


@pytest.fixture
def scheduler(monkeypatch):
    monkeypatch.setattr("redis.from_url", lambda url: Fake())  # LC404
    return Scheduler("redis://127.0.0.1:1/0")


@pytest.mark.asyncio
async def test_none_due(scheduler):
    assert await scheduler.due() == []


@pytest.mark.asyncio
@patch("redis.Redis", AsyncMock(**{"return_value.zrange.return_value": []}))  # LC404
async def test_best():
    assert await Board().best() == []
