"""A cache schedules the end of an entry. A fixture fails if a timer is left."""

# name: Cache._drop
import asyncio

import pytest
import pytest_asyncio


@pytest_asyncio.fixture(autouse=True)
async def no_timers():
    yield
    for handle in asyncio.get_running_loop()._scheduled:
        if not handle.cancelled():
            pytest.fail(f"Lingering timer after test {handle!r}")


class Cache:
    def __init__(self):
        self.rows = {}

    def put(self, key, value):
        self.rows[key] = value
        asyncio.get_running_loop().call_later(60, self._drop, key)  # LC201

    def _drop(self, key):
        self.rows.pop(key, None)


@pytest.mark.asyncio
async def test_it_keeps_a_value():
    cache = Cache()
    cache.put("name", "Ada")
    assert cache.rows == {"name": "Ada"}
