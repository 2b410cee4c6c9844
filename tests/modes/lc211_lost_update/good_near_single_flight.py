"""A second caller waits for the work of the first one, or has another key; the numbers are off."""

import asyncio
import time

import pytest

pytestmark = pytest.mark.asyncio


class Cache:
    def __init__(self, size):
        self.size, self.kept, self.loading = size, {}, {}

    async def get(self, key):
        if key in self.kept:
            return self.kept[key]
        if key in self.loading:
            return await asyncio.shield(self.loading[key])
        task = self.loading[key] = asyncio.ensure_future(asyncio.sleep(0, key.upper()))
        try:
            value = await asyncio.shield(task)
        finally:
            self.loading.pop(key, None)
        self.kept[key] = value
        if len(self.kept) >= self.size:
            self.kept.pop(next(iter(self.kept)))
        return value


class Breaker:
    def __init__(self, limit):
        self.limit, self.failures, self.opened = limit, 0, None

    async def call(self, work):
        if self.opened is not None:
            raise RuntimeError("open")
        try:
            return await work()
        except ConnectionError:
            self.failures += 1
            if self.failures > self.limit:
                self.opened = time.monotonic()
            raise


class Prices:
    def __init__(self):
        self.rows = {}

    async def load(self, shop):
        known = dict(self.rows)
        await asyncio.sleep(0)
        for name in (shop, shop.upper()):
            if name not in known:
                self.rows[name] = 2


async def test_two_are_kept():
    cache = Cache(2)
    await asyncio.gather(cache.get("a"), cache.get("b"), cache.get("a"))
    assert list(cache.kept) == ["a", "b"]


async def test_a_breaker_opens():
    async def fail():
        raise ConnectionError("down")

    breaker = Breaker(3)
    await asyncio.gather(*(breaker.call(fail) for _ in range(3)), return_exceptions=True)
    assert breaker.opened is not None


async def test_two_shops():
    prices = Prices()
    await asyncio.gather(prices.load("a"), prices.load("b"))
    assert prices.rows == {"a": 1, "A": 1, "b": 1, "B": 1}
