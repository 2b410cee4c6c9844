"""Each deposit reads the balance after its wait: no other task runs before it writes."""

import asyncio

import pytest


class Account:
    def __init__(self):
        self.balance = 10

    async def deposit(self, amount):
        await asyncio.sleep(0)
        before = self.balance
        self.balance = before + amount


@pytest.mark.asyncio
async def test_two_deposits():
    account = Account()
    await asyncio.gather(account.deposit(5), account.deposit(7))
    assert account.balance == 22
