"""What a mock made up is added up: the sum is a mock as well, and nobody is to configure that."""

from unittest.mock import AsyncMock

import pytest


async def total(shop, names):
    return sum([await shop.price(name) for name in names])


# name: shop.price()
@pytest.mark.asyncio
async def test_total():
    shop = AsyncMock()  # LC409
    assert await total(shop, ["pen", "ink"]) == 5
