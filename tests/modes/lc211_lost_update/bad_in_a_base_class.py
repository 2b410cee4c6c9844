"""What is started twice adds to what the method above it does."""

# name: crate.weight

import asyncio
import unittest


class Box:
    def __init__(self):
        self.weight = 0

    async def put(self, grams):
        weight = self.weight  # LC211
        await asyncio.sleep(0)
        self.weight = weight + grams


class Crate(Box):
    async def put(self, grams):
        await super().put(grams + 1)


class Packing(unittest.IsolatedAsyncioTestCase):
    async def weight_of(self, *parts):
        crate = Crate()
        await asyncio.gather(*(crate.put(one) for one in parts))
        return crate.weight

    async def test_weight(self):
        self.assertEqual(await self.weight_of(1, 2), 5)
