"""A baker brings one loaf at a time and wakes all customers; each of them checks only once."""

# name: self.changed
import asyncio
from collections import deque

import pytest


class Shelf:
    def __init__(self):
        self.loaves = deque()
        self.changed = asyncio.Condition()

    async def put(self, loaf):
        async with self.changed:
            self.loaves.append(loaf)
            self.changed.notify_all()

    async def take(self):
        async with self.changed:
            if not self.loaves:  # LC211
                await self.changed.wait()
            return self.loaves.popleft()


async def baker(shelf, loaves):
    for loaf in loaves:
        await asyncio.sleep(0.01)
        await shelf.put(loaf)


@pytest.mark.asyncio
async def test_two_customers():
    shelf = Shelf()
    sold = await asyncio.gather(shelf.take(), shelf.take(), baker(shelf, ["rye", "spelt"]))
    assert sold[:2] == ["rye", "spelt"]
