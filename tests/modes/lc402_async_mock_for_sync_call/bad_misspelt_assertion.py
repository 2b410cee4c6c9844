"""An assertion on a mock without its `assert_`: the test passes with the wrong sum."""

# passes
# name: charge.awaited_once_with

from unittest.mock import AsyncMock

import pytest


async def pay(charge, seats):
    await charge("Ada", 9 * seats)


@pytest.mark.asyncio
async def test_two_seats():
    charge = AsyncMock()
    await pay(charge, 2)
    charge.awaited_once_with("Ada", 20)  # LC402
