"""In a class, behind decorators, parametrized: the name alone counts."""

# name: test_price
import pytest

pytestmark = pytest.mark.asyncio


class TestShop:
    @pytest.mark.parametrize("price", [1, 2])
    async def test_price(self, price):  # LC306
        assert price > 5

    async def test_open(self):
        assert True

    @pytest.mark.parametrize(("price", "total"), [(1, 2), (2, 4)])
    async def test_price(self, price, total):
        assert price * 2 == total


class TestMarket:
    async def test_price(self):
        assert True
