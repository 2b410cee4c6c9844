"""The lock is taken twice, and the limit of `wait_for` only says that time ran out."""

import asyncio

import pytest

pytestmark = pytest.mark.asyncio


class Account:
    def __init__(self):
        self.lock = asyncio.Lock()
        self.balance = 0

    async def deposit(self, amount):
        async with self.lock:  # LC203
            self.balance += amount

    async def salary(self, amount):
        async with self.lock:
            await self.deposit(amount)


# name: account.lock
async def test_salary_is_paid():
    account = Account()
    await asyncio.wait_for(account.salary(100), 0.2)
    assert account.balance == 100
