"""A cache reads its age from a clock that the test stops, and the loop reads the same one."""

# options: --loopcheck-hang=1
# name: time.monotonic

import asyncio
import time

import pytest


class Cache:
    def __init__(self):
        self.kept_at = time.monotonic()

    def age(self):
        return time.monotonic() - self.kept_at

    async def refresh(self):
        await asyncio.sleep(0.01)
        self.kept_at = time.monotonic()


@pytest.mark.asyncio
async def test_a_fresh_cache_has_no_age(monkeypatch):
    monkeypatch.setattr(time, "monotonic", lambda: 100.0)  # LC411
    cache = Cache()
    await cache.refresh()
    assert cache.age() == 0
