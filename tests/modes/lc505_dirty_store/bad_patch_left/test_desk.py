"""What `setUp` of one class starts, the tests of the next one still find."""

# name: desk.rate

import unittest
from unittest.mock import patch

from desk import Desk


class FixedRates(unittest.IsolatedAsyncioTestCase):
    def setUp(self):
        self.rate = patch("desk.rate").start()  # LC505
        self.rate.return_value = 50

    async def test_half(self):
        self.assertEqual(await Desk().change(10, "USD"), 5)


class RealRates(unittest.IsolatedAsyncioTestCase):
    async def test_dollars(self):
        self.assertEqual(await Desk().change(100, "USD"), 93)
