"""The loop calls a `partial` of an async method: given at once, by a name, or kept by an object."""

# name: Cache.evict | Cache.note
# findings: 3
import asyncio
from functools import partial

import pytest

pytestmark = pytest.mark.asyncio


class Timer:
    def __init__(self, seconds, callback, *args):
        self.seconds = seconds
        self._callback = partial(callback, *args)

    def start(self):
        asyncio.get_running_loop().call_later(self.seconds, self._callback)  # LC202


class Cache:
    def __init__(self):
        self.rows = {"a": 1, "b": 2}
        self.done = []

    async def evict(self, key):
        self.rows.pop(key)

    async def note(self, word, task):
        self.done.append(word)

    def expire(self, key):
        asyncio.get_running_loop().call_soon(partial(self.evict, key))  # LC202


async def test_expire():
    cache = Cache()
    cache.expire("a")
    await asyncio.sleep(0.01)
    assert cache.rows == {"b": 2}


async def test_a_timer():
    cache = Cache()
    Timer(0, cache.evict, "b").start()
    await asyncio.sleep(0.01)
    assert cache.rows == {"a": 1}


async def test_a_note():
    cache = Cache()
    task = asyncio.create_task(asyncio.sleep(0))
    when_done = partial(cache.note, "slept")
    task.add_done_callback(when_done)  # LC202
    await task
    await asyncio.sleep(0)
    assert cache.done == ["slept"]
