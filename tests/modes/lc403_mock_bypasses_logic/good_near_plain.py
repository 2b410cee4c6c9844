"""Doubles that raise what they were told, and tests that fail for what the code under test does."""

from unittest.mock import AsyncMock, patch

import pytest


class Fetcher:
    def __init__(self, http):
        self.http, self.seen = http, []

    async def get(self, key):
        for _ in range(2):
            try:
                return await self.http.get(key)
            except ConnectionError:
                continue

    async def once(self, key):
        self.seen.append(key)
        return await self.http.get(key)

    async def both(self, *keys):
        return [await self.once(key) for key in keys]


@pytest.mark.asyncio
async def test_another_error_is_not_tried_again():
    http = AsyncMock()
    http.get.side_effect = [TimeoutError("fail once"), b"42"]
    assert await Fetcher(http).get("answer") == b"42"


@pytest.mark.asyncio
async def test_nothing_tries_again():
    http = AsyncMock()
    http.get.side_effect = [ConnectionError("fail once"), b"42"]
    assert await Fetcher(http).once("answer") == b"42"


@pytest.mark.asyncio
async def test_down_for_good():
    with patch.object(Fetcher, "once", side_effect=ConnectionError("down")):
        assert await Fetcher(None).both("answer") == [b"42"]


@pytest.mark.asyncio
async def test_the_fake_does_what_the_real_one_does(monkeypatch):
    fetcher = Fetcher(None)

    async def once(key):
        fetcher.seen.append(key)

    monkeypatch.setattr(fetcher, "once", once)
    await fetcher.both("a", "b")
    assert fetcher.seen == ["a"]
