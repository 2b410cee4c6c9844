"""The settings are read from a slow file in a thread. The prices are in the default currency."""

import asyncio
import unittest
from contextvars import ContextVar

currency = ContextVar("currency", default="EUR")


def load(settings):
    currency.set(settings["currency"])


def price(amount):
    code = currency.get()
    return f"{amount} {code}"


# name: currency
class PriceTest(unittest.IsolatedAsyncioTestCase):
    async def test_a_price_in_dollars(self):
        await asyncio.to_thread(load, {"currency": "USD"})  # LC214
        self.assertEqual(price(3), "3 USD")
