"""Wrong asserts, beside callbacks that only take away, go round, come much later, or are off."""

import asyncio

import pytest

pytestmark = pytest.mark.asyncio


class Cache:
    def __init__(self):
        self.kept, self.beats, self.state, self.log = {}, 0, "open", []
        self.loop = asyncio.get_running_loop()

    def put(self, key, value):
        self.kept[key] = value
        self.loop.call_later(0.05, self._forget, key)
        self.loop.call_later(0.05, self._half_open)
        self.loop.call_later(30, self._give_up)
        self.loop.call_later(0.05, self._note).cancel()
        self._beat()

    def _forget(self, key):
        self.kept.pop(key, None)

    def _half_open(self):
        self.state = "half-open"

    def _give_up(self):
        self.log.append("given up")

    def _note(self):
        self.log.append("noted")

    def _beat(self):
        self.beats += 1
        self._next()

    def _next(self):
        self.loop.call_later(0.5, self._beat)


async def test_another_value():
    cache = Cache()
    cache.put("a", 1)
    assert cache.kept["a"] == 2


async def test_everything():
    cache = Cache()
    cache.put("a", 1)
    assert cache.kept == {"a": 2}


async def test_beats():
    cache = Cache()
    cache.put("a", 1)
    assert cache.beats == 2


async def test_state():
    cache = Cache()
    cache.put("a", 1)
    assert cache.state == "closed"


async def test_log():
    cache = Cache()
    cache.put("a", 1)
    assert cache.log == ["put"]
