"""`reserve` returns early, and keeps the lock of the item."""

# options: --loopcheck-hang=1
# name: stock.locks['tea'] | self.locks['tea']

import asyncio
from collections import defaultdict

import pytest


class Stock:
    def __init__(self):
        self.left, self.locks = {"tea": 2}, defaultdict(asyncio.Lock)

    async def reserve(self, item, count):
        lock = self.locks[item]
        await lock.acquire()
        if self.left[item] < count:
            return False  # LC203
        self.left[item] -= count
        lock.release()
        return True

    async def add(self, item, count):
        async with self.locks[item]:
            self.left[item] += count


@pytest.mark.asyncio
async def test_add_after_sold_out():
    stock = Stock()
    assert not await stock.reserve("tea", 5)
    await stock.add("tea", 5)
