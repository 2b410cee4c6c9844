"""asyncSetUp in a class of pytest's, and in a base class: nobody calls it."""

# name: asyncSetUp
import pytest


class Shop:
    async def asyncSetUp(self):  # LC309
        self.prices = {"bread": 2}


@pytest.mark.asyncio
class TestShop(Shop):
    async def test_bread(self):
        assert self.prices["bread"] == 2

    async def test_butter(self):
        assert "butter" not in self.prices
