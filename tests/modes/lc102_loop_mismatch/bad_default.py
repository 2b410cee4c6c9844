"""Each test has a cache of its own, and all of them one lock: a default is made once."""

# name: cache.flight.free
import asyncio

import pytest
import pytest_asyncio


class SingleFlight:
    def __init__(self):
        self.free = asyncio.Condition()
        self.busy = False

    async def __aenter__(self):
        async with self.free:
            await self.free.wait_for(lambda: not self.busy)
            self.busy = True

    async def __aexit__(self, *error):
        async with self.free:
            self.busy = False
            self.free.notify_all()


class Cache:
    def __init__(self, flight=SingleFlight()):  # noqa: B008  # LC102
        self.flight, self.data, self.loads = flight, {}, 0

    async def get(self, key):
        async with self.flight:
            if key not in self.data:
                self.loads += 1
                await asyncio.sleep(0)
                self.data[key] = key * 2
            return self.data[key]


@pytest_asyncio.fixture
async def cache():
    return Cache()


@pytest.mark.asyncio
async def test_one_load(cache):
    await asyncio.gather(*(cache.get("a") for _ in range(3)))
    assert cache.loads == 1


@pytest.mark.asyncio
async def test_two_loads(cache):
    await asyncio.gather(cache.get("a"), cache.get("b"), cache.get("a"))
    assert cache.loads == 2
