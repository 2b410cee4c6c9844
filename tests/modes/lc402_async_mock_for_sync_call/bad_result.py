"""The service hands the coroutine on; the assert of the test is the first to look at it."""

from unittest.mock import AsyncMock

import pytest


class Basket:
    def __init__(self, prices):
        self.prices = prices

    async def line(self, name):
        await self.prices.refresh()
        return {"name": name, "price": self.prices.of(name)}


# name: prices.of
@pytest.mark.asyncio
async def test_line():
    prices = AsyncMock()  # LC402
    prices.of.return_value = 5
    assert await Basket(prices).line("tea") == {"name": "tea", "price": 5}
