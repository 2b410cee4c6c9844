"""A fixture of the module counts, and each test expects to be the only one that does."""

import pytest


@pytest.fixture(scope="module")
def meter():  # LC308
    return {"turns": 0}


@pytest.mark.asyncio
async def test_turn(meter):
    meter["turns"] += 1
    assert meter["turns"] == 1


# name: meter
@pytest.mark.asyncio
async def test_turn_again(meter):
    meter["turns"] += 1
    assert meter["turns"] == 1
