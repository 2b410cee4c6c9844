"""A task that refreshes a cache has failed, and nobody asked it: a key is missing."""

# name: cache.wanted
import asyncio

import pytest

pytestmark = pytest.mark.asyncio


class Cache:
    def __init__(self):
        self.wanted, self.found = asyncio.Queue(1), {}

    async def run(self):
        while True:
            key = await self.wanted.get()
            self.found[key] = key * 2

    async def refresh(self, key):
        await self.wanted.put(key)
        await asyncio.sleep(0.01)


cache = Cache()  # LC102


async def test_one():
    task = asyncio.create_task(cache.run())
    await asyncio.sleep(0)
    await cache.refresh(1)
    task.cancel()
    assert cache.found[1] == 2


async def test_two():
    task = asyncio.create_task(cache.run())
    await asyncio.sleep(0)
    await cache.refresh(2)
    assert cache.found[2] == 4
    task.cancel()
