"""The test expects the error, which left the store locked: the next load waits for ever."""

# options: --loopcheck-hang=1
# name: store.lock | self.lock
import asyncio

import pytest


class Store:
    def __init__(self):
        self.rows, self.lock = {}, asyncio.Lock()

    async def save(self, key, value):
        await self.lock.acquire()  # LC203
        self.rows[key] = int(value)
        self.lock.release()

    async def load(self, key):
        async with self.lock:
            return self.rows.get(key)


@pytest.mark.asyncio
async def test_a_bad_value_is_not_saved():
    store = Store()
    with pytest.raises(ValueError):
        await store.save("tea", "two")
    assert await store.load("tea") is None
