"""A timer's callback raises, so the test fails on what it was to do: nobody can await it."""

import asyncio

import pytest


class Expiring:
    def __init__(self):
        self.items = {}

    def put(self, key, value, ttl):
        self.items[key] = value
        asyncio.get_running_loop().call_later(ttl, self.expire, key)

    def expire(self, key):
        del self.items[key.lower()]  # LC205


# name: Expiring.expire
@pytest.mark.asyncio
async def test_expires():
    cache = Expiring()
    cache.put("Ada", 1, ttl=0.001)
    await asyncio.sleep(0.01)
    assert "Ada" not in cache.items
