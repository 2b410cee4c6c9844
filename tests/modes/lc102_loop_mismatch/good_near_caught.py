"""A real mismatch was caught and dealt with; later the test fails for a reason of its own."""

import asyncio

import pytest

till = asyncio.Lock()


async def pay():
    async with till:
        await asyncio.sleep(0)


@pytest.mark.asyncio
async def test_till_is_bound():
    await asyncio.gather(pay(), pay())


@pytest.mark.asyncio
async def test_receipt_is_wrong():
    with pytest.raises(RuntimeError):
        await asyncio.gather(pay(), pay())
    receipt = {"total": 3}
    assert receipt["total"] == 4
