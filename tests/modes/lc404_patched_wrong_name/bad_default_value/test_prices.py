"""The default of a keyword keeps the function: the order has the real price."""

# name: prices.order
from unittest.mock import AsyncMock

import prices
import pytest


@pytest.mark.asyncio
async def test_an_order(monkeypatch):
    monkeypatch.setattr(prices, "price", AsyncMock(return_value=7))  # LC404
    assert await prices.order("tea") == 14
