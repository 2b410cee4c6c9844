"""A callback of the loop removes something soon, and the line expects more, not less."""

import asyncio

import pytest

pytestmark = pytest.mark.asyncio


class Cache:
    def __init__(self):
        self.items, self.in_use = {}, 0

    def put(self, key, value):
        self.items[key] = value
        self.in_use += 1
        loop = asyncio.get_running_loop()
        loop.call_later(0.05, self.items.pop, key, None)
        loop.call_later(0.05, self._release)

    def _release(self):
        self.in_use -= 1

    def has(self, key):
        return key in self.items

    @property
    def empty(self):
        return not self.items


async def test_another_entry():
    cache = Cache()
    cache.put("plum", 3)
    assert cache.has("fig")


async def test_more_entries():
    cache = Cache()
    cache.put("plum", 3)
    assert len(cache.items) == 2


async def test_a_higher_count():
    cache = Cache()
    cache.put("plum", 3)
    assert cache.in_use >= 2


async def test_an_empty_one_that_is_not_expected():
    cache = Cache()
    cache.put("plum", 3)
    cache.items.clear()
    assert not cache.empty


async def test_a_task_that_takes_away_does_not_add():
    cache = Cache()
    cache.put("plum", 3)

    async def drop():
        await asyncio.sleep(0.01)
        cache.items.pop("plum", None)
        cache.in_use -= 1

    task = asyncio.create_task(drop())
    await asyncio.sleep(0)
    try:
        assert cache.in_use == 2
    finally:
        await task
