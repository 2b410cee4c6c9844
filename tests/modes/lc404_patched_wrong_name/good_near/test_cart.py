"""Plain failures with patches in place: met ones, ones that a line not run would miss, spies."""

from unittest.mock import AsyncMock, patch

import cart
import fx
import pytest
from fx import rate


@pytest.mark.asyncio
async def test_the_double_was_met_and_the_sum_is_wrong():
    with patch("fx.rate", AsyncMock(return_value=2)):
        assert await cart.total(3, "EUR") == 7


@pytest.mark.asyncio
async def test_the_spy_asks_the_real_one(monkeypatch):
    seen = []

    async def spy(currency):
        seen.append(currency)
        return await rate(currency)

    monkeypatch.setattr(fx, "rate", spy)
    assert await cart.total(3, "GBP") == 3


@pytest.mark.asyncio
async def test_wraps_the_real_one():
    with patch("fx.rate", wraps=rate):
        assert await cart.total(3, "GBP") == 3


@pytest.mark.asyncio
async def test_a_line_that_does_not_run_would_miss_it():
    with patch("fx.spread", AsyncMock(return_value=0.5)) as spread:
        assert await cart.margin(50, "EUR") == 25
    spread.assert_awaited_once()


@pytest.mark.asyncio
async def test_undone_before_it_mattered():
    with patch("fx.spread", AsyncMock(return_value=0.5)):
        assert await cart.margin(50, "EUR") == 0
    assert await cart.margin(200, "EUR") == 100
