"""A wider scope: pytest names the file as the one who asked."""

# name: prices
import pytest


@pytest.fixture(scope="module")
async def prices():  # LC301
    return {"bread": 2}


@pytest.mark.asyncio(loop_scope="module")
async def test_bread(prices):
    assert prices["bread"] == 2


@pytest.mark.asyncio(loop_scope="module")
async def test_butter(prices):
    assert "butter" not in prices
