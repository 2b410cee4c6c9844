"""The test expects the error, and then that the store is free again: an error skips the release."""

# name: store.lock
import asyncio

import pytest


class Store:
    def __init__(self):
        self.rows, self.lock = {}, asyncio.Lock()

    async def save(self, key, value):
        await self.lock.acquire()  # LC203
        self.rows[key] = int(value)
        self.lock.release()


@pytest.mark.asyncio
async def test_a_bad_value_leaves_the_store_free():
    store = Store()
    with pytest.raises(ValueError):
        await store.save("tea", "two")
    assert not store.lock.locked()
