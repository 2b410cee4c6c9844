"""The cache gets its clock, so the test stops that one, and the loop keeps its own."""

import asyncio
import time

import pytest


class Cache:
    def __init__(self, clock=time.monotonic):
        self.clock = clock
        self.kept_at = clock()

    def age(self):
        return self.clock() - self.kept_at

    async def refresh(self):
        await asyncio.sleep(0.01)
        self.kept_at = self.clock()


@pytest.mark.asyncio
async def test_a_fresh_cache_has_no_age():
    cache = Cache(clock=lambda: 100.0)
    await cache.refresh()
    assert cache.age() == 0
