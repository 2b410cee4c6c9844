"""The cache is replaced, and was to call what it is handed: the loader that the test counts."""

from unittest.mock import AsyncMock, patch

import pytest

pytestmark = pytest.mark.asyncio


class Cache:
    def __init__(self):
        self.kept = {}

    async def fetch(self, key, load):
        if key not in self.kept:
            self.kept[key] = await load(key)
        return self.kept[key]

    async def page(self, key, *, api):
        return await api.page(key)


class Repo:
    def __init__(self, cache, api):
        self.cache, self.api = cache, api

    async def user(self, key):
        return await self.cache.fetch(key, self.api.get)

    async def page(self, key):
        return await self.cache.page(key, api=self.api)


# name: cache.fetch | Cache.page
# findings: 2
async def test_it_is_asked_once():
    cache, api = Cache(), AsyncMock()
    with patch.object(cache, "fetch", AsyncMock(return_value=1)):  # LC403
        repo = Repo(cache, api)
        await repo.user(1)
        await repo.user(1)
    assert api.get.await_count == 1


async def test_a_page():
    api = AsyncMock()
    with patch.object(Cache, "page", AsyncMock(return_value=1)):  # LC403
        await Repo(Cache(), api).page(1)
    api.page.assert_awaited_once_with(1)
