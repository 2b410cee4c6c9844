"""The till is made where the loop is known, and lives with it."""

import asyncio

import pytest

pytestmark = pytest.mark.asyncio(loop_scope="class")


async def pay(till, amounts, amount):
    async with till:
        await asyncio.sleep(0)
        amounts.append(amount)


class TestTill:
    till = asyncio.Lock()

    @pytest.mark.parametrize("customers", [2, 3])
    async def test_customers_pay_one_by_one(self, customers):
        amounts = []
        await asyncio.gather(*(pay(self.till, amounts, n) for n in range(customers)))
        assert amounts == list(range(customers))
