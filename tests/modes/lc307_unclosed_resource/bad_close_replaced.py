"""A double takes the call that should close it, and nothing closes it afterwards."""

# findings: 3
# name: self._http | http
from unittest.mock import AsyncMock, patch

import aiohttp
import pytest

pytestmark = pytest.mark.asyncio


class Feed:
    def __init__(self):
        self._http = aiohttp.ClientSession()

    async def stop(self):
        if not self._http.closed:
            await self._http.close()


async def test_stop_closes():
    feed = Feed()
    with patch("aiohttp.ClientSession.close", new=AsyncMock()) as close:  # LC307
        await feed.stop()
        close.assert_awaited_once()


async def test_stop_of_a_broken_one(monkeypatch):
    feed, calls = Feed(), []

    async def close(session):
        calls.append(session)

    monkeypatch.setattr(aiohttp.ClientSession, "close", close)  # LC307
    await feed.stop()
    assert len(calls) == 1


async def test_its_own_close():
    http = aiohttp.ClientSession()
    http.close = AsyncMock()  # LC307
    await http.close()
    assert http.close.await_count == 1
