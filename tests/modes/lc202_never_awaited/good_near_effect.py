"""Side effects that a mock awaits, or that return a value: the sum is a plain mistake."""

import asyncio
from unittest.mock import AsyncMock

import pytest


class Prices:
    async def of(self, goods):
        await asyncio.sleep(0)
        return {"tea": 3, "milk": 1}[goods]


async def bill(price_of, basket):
    return sum([await price_of(goods) for goods in basket])


@pytest.mark.asyncio
async def test_a_basket():
    mock = AsyncMock(side_effect=Prices().of)
    assert await bill(mock, ["tea", "milk"]) == 5


@pytest.mark.asyncio
async def test_a_basket_at_one_price():
    mock = AsyncMock(side_effect=lambda goods: 2)
    assert await bill(mock, ["tea", "milk"]) == 5
