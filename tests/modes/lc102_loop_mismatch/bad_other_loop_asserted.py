"""A cache works on a loop of its own. A test asserts that it is the running one."""

# name: cache.loop
import asyncio

import pytest


class Cache:
    def __init__(self):
        self.loop = self._loop()

    def _loop(self):
        return asyncio.new_event_loop()  # LC102


@pytest.mark.asyncio
async def test_a_cache_uses_the_running_loop():
    cache = Cache()
    running = asyncio.get_running_loop()
    try:
        assert cache.loop is running
    finally:
        cache.loop.close()
