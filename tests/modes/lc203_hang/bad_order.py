"""Two locks, taken in different order by two tasks."""

# options: --loopcheck-hang=1
# name: stock | till

import asyncio

import pytest


async def sell(stock, till):
    async with stock:
        await asyncio.sleep(0)
        async with till:  # LC203
            return "sold"


async def refund(stock, till):
    async with till:
        await asyncio.sleep(0)
        async with stock:  # LC203
            return "refunded"


@pytest.mark.asyncio
async def test_both_at_once():
    stock, till = asyncio.Lock(), asyncio.Lock()
    assert await asyncio.gather(sell(stock, till), refund(stock, till)) == ["sold", "refunded"]
