"""A lock at module level, free at the end of each test, yet bound to the first one's loop."""

# name: till
import asyncio

import pytest

till = asyncio.Lock()  # LC102


async def pay(amounts, amount):
    async with till:
        await asyncio.sleep(0)
        amounts.append(amount)


@pytest.mark.asyncio
@pytest.mark.parametrize("customers", [2, 3])
async def test_customers_pay_one_by_one(customers):
    amounts = []
    await asyncio.gather(*(pay(amounts, n) for n in range(customers)))
    assert amounts == list(range(customers))
