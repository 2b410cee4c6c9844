"""Fixtures may have the names that pytest and unittest call; and what they call may be plain."""

import unittest

import pytest
import pytest_asyncio


@pytest.mark.asyncio
class TestUser:
    def setup_class(self):
        self.shop = "books"

    @pytest_asyncio.fixture(autouse=True)
    async def setup_method(self):
        self.user = "ada"
        yield
        self.user = None

    async def test_user(self):
        assert (self.shop, self.user) == ("books", "ada")

    async def test_a_plain_slip(self):
        assert self.order == "a pen"


class TestOrders(unittest.IsolatedAsyncioTestCase):
    def setUp(self):
        self.orders = []

    async def asyncTearDown(self):
        self.orders.clear()

    async def test_orders(self):
        self.orders.append("a pen")
