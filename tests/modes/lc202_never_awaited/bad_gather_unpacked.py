"""The results of a `gather` are unpacked before there are any."""

# name: asyncio.gather(…)
import asyncio
import unittest


async def price(name):
    await asyncio.sleep(0)
    return len(name)


class PricesTest(unittest.IsolatedAsyncioTestCase):
    async def test_two_prices(self):
        tea, coffee = asyncio.gather(price("tea"), price("coffee"))  # LC202
        self.assertEqual((tea, coffee), (3, 6))
