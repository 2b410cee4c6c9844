"""unittest copies the context of a test case before `setUpClass` sets the shop in it."""

import unittest
from contextvars import ContextVar

shop = ContextVar("shop")


# name: shop
class ShopTest(unittest.IsolatedAsyncioTestCase):
    @classmethod
    def setUpClass(cls):
        shop.set("corner shop")  # LC214

    async def test_the_shop_has_a_name(self):
        self.assertEqual(shop.get(), "corner shop")
