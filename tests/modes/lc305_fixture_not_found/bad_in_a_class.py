"""Fixtures of a class are for its own tests."""

# name: prices
import pytest


class TestPrices:
    @pytest.fixture
    def prices(self):
        return {"bread": 2}

    def test_bread(self, prices):
        assert prices["bread"] == 2


class TestShop:
    @pytest.mark.parametrize("count", [1, 2])
    def test_shop(self, count, prices):  # LC305
        assert prices["bread"] * count < 5
