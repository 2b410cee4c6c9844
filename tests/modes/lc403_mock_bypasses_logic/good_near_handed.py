"""The original would not call what it is handed, or it was called, or the code forgot to."""

from unittest.mock import AsyncMock, patch

import pytest

pytestmark = pytest.mark.asyncio


class Cache:
    async def fetch(self, key, load):
        return await load(key)

    async def drop(self, key, load):
        return load


class Repo:
    def __init__(self, cache, api):
        self.cache, self.api = cache, api

    async def user(self, key):
        return await self.cache.fetch(key, self.api.get)

    async def drop(self, key):
        await self.cache.drop(key, self.api.get)


async def test_another_is_handed_over():
    cache, api = Cache(), AsyncMock()
    with patch.object(cache, "fetch", AsyncMock(return_value=1)):
        await Repo(cache, api).user(1)
    api.save.assert_awaited_once()


async def test_it_calls_nothing():
    cache, api = Cache(), AsyncMock()
    with patch.object(cache, "drop", AsyncMock()):
        await Repo(cache, api).drop(1)
    api.get.assert_awaited_once()


async def test_it_was_not_to_be_asked():
    cache, api = Cache(), AsyncMock()
    with patch.object(cache, "fetch", AsyncMock(return_value=1)):
        await Repo(cache, api).user(1)
    api.get.assert_not_awaited()
    assert api.get.await_count == 0 and not cache


async def test_it_was_asked_twice():
    cache, api = Cache(), AsyncMock()
    await Repo(cache, api).user(1)
    with patch.object(cache, "fetch", AsyncMock(return_value=1)):
        await Repo(cache, api).user(2)
    assert api.get.await_count == 2
