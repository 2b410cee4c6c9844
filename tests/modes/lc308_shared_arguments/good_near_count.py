"""Tests that count on from each other, and one that counts wrongly by itself."""

import pytest


@pytest.fixture(scope="module")
def meter():
    return {"turns": 0}


@pytest.mark.asyncio
async def test_turn(meter):
    meter["turns"] += 1
    assert meter["turns"] == 1


@pytest.mark.asyncio
async def test_turn_again(meter):
    meter["turns"] += 1
    assert meter["turns"] == 5
