"""pytest and unittest call these names, and drop the coroutines that they get."""

# name: TestUser.setup_class | TestUser.setup_method | TestOrders.tearDown
# findings: 3
import unittest

import pytest


@pytest.mark.asyncio
class TestUser:
    @classmethod
    async def setup_class(cls):  # LC202
        cls.shop = "books"

    async def setup_method(self):  # LC202
        self.user = "ada"

    async def test_user(self):
        assert self.user == "ada"


class TestOrders(unittest.IsolatedAsyncioTestCase):
    async def tearDown(self):  # LC202
        self.orders.clear()

    async def test_orders(self):
        self.orders = ["a pen"]
