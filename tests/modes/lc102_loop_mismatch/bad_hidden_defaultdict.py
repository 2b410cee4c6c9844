"""A lock for each account, made on first use and kept for good."""

# name: locks["ada"]
import asyncio
from collections import defaultdict

import pytest

locks = defaultdict(asyncio.Lock)  # LC102
balance = {"ada": 0, "kurt": 0}


async def pay_in(account, amount):
    async with locks[account]:
        before = balance[account]
        await asyncio.sleep(0)
        balance[account] = before + amount


@pytest.mark.asyncio
async def test_two_payments():
    await asyncio.gather(pay_in("ada", 1), pay_in("ada", 2))
    assert balance["ada"] == 3


@pytest.mark.asyncio
async def test_two_payments_more():
    await asyncio.gather(pay_in("kurt", 1), pay_in("ada", 3), pay_in("ada", 4))
    assert balance["ada"] == 10
