"""The base is a class of the project's, and a plain TestCase itself."""

# name: test_total
import unittest

import pytest


class CartCase(unittest.TestCase):
    def setUp(self):
        self.items = [1, 2]


class TestCart(CartCase):
    @pytest.mark.asyncio
    async def test_total(self):  # LC303
        assert sum(self.items) == 4

    def test_length(self):
        assert len(self.items) == 2
