"""What is asked for too early is given a name first, and asserted about in the next line."""

# name: Cache.refresh
import asyncio

import pytest
import pytest_asyncio


class Cache:
    def __init__(self, load):
        self.load, self.data, self.running = load, {}, []

    def get(self, key):
        if key not in self.data:
            self.running.append(asyncio.ensure_future(self.refresh(key)))
        return self.data.get(key)

    async def refresh(self, key):
        self.data[key] = await self.load(key)

    async def aclose(self):
        for task in self.running:
            task.cancel()
        await asyncio.gather(*self.running, return_exceptions=True)


@pytest_asyncio.fixture
async def cache():
    async def load(key):
        await asyncio.sleep(0.05)
        return key.upper()

    cache = Cache(load)
    yield cache
    await cache.aclose()


@pytest.mark.asyncio
async def test_the_second_call_is_a_hit(cache):
    assert cache.get("rye") is None
    await asyncio.sleep(0)
    hit = cache.get("rye")
    assert hit == "RYE"  # LC208
