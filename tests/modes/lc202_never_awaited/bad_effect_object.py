"""The set-up gives a mock an object with an async `__call__` as its side effect."""

import asyncio
import unittest
from unittest.mock import AsyncMock


class Prices:
    def __init__(self, **known):
        self.known = known

    async def __call__(self, goods):
        await asyncio.sleep(0)
        return self.known[goods]


class Till:
    def __init__(self, shop):
        self.shop = shop

    async def bill(self, basket):
        total = 0
        for goods in basket:
            price = await self.shop.price_of(goods)
            total += price
        return total


# name: Prices.__call__
class BillTest(unittest.IsolatedAsyncioTestCase):
    def setUp(self):
        shop = AsyncMock()
        shop.price_of.side_effect = Prices(tea=3, milk=1)  # LC202
        self.till = Till(shop)

    async def test_a_basket(self):
        self.assertEqual(await self.till.bill(["tea", "milk"]), 4)
