"""Nobody answers: what a cache falls back on is its own, and nothing was written to a store."""

import pytest
import pytest_asyncio
import redis.asyncio as redis


class Cache:
    def __init__(self, client):
        self.client = client
        self.local = {}

    async def bump(self, key):
        try:
            return await self.client.incr(key)
        except redis.ConnectionError:
            self.local[key] = self.local.get(key, 0) + 1
            return self.local[key]

    async def bump_all(self, *keys):
        pipe = self.client.pipeline()
        for key in keys:
            pipe.incr(key)
        try:
            return await pipe.execute()
        except redis.ConnectionError:
            return [await self.bump(key) for key in keys]


@pytest_asyncio.fixture
async def cache():
    client = redis.Redis(port=1)
    yield Cache(client)
    await client.aclose()


@pytest.mark.asyncio
async def test_bump(cache):
    assert await cache.bump("hits") == 1


@pytest.mark.asyncio
async def test_bump_wrong(cache):  # fails
    assert await cache.bump("hits") == 2


@pytest.mark.asyncio
async def test_bump_all(cache):
    assert await cache.bump_all("hits", "sales") == [1, 1]


@pytest.mark.asyncio
async def test_bump_all_wrong(cache):  # fails
    assert await cache.bump_all("hits", "sales") == [1, 2]
