"""Parameters do not reach it either."""

# name: price
import unittest

import pytest


class TestPrices(unittest.IsolatedAsyncioTestCase):
    @pytest.mark.parametrize("price", [1, 2])
    async def test_price(self, price):  # LC309
        self.assertGreater(price, 0)
