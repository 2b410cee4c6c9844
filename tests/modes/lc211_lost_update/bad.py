"""Two deposits read the same balance, and the later write undoes the earlier one."""

import asyncio

import pytest


class Account:
    def __init__(self):
        self.balance = 10

    async def deposit(self, amount):
        before = self.balance  # LC211
        await asyncio.sleep(0)
        self.balance = before + amount


# name: account.balance
@pytest.mark.asyncio
async def test_two_deposits():
    account = Account()
    await asyncio.gather(account.deposit(5), account.deposit(7))
    assert account.balance == 22
