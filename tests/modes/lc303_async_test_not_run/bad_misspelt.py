"""A mark that no plugin knows."""

# name: test_prices
import pytest


class TestShop:
    @pytest.mark.parametrize("price", [1, 2])
    @pytest.mark.ayncio
    async def test_prices(self, price):  # LC303
        assert price < 3
