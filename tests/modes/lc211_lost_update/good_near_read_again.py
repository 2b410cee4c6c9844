"""What was read before the wait is only logged: the write reads anew."""

import asyncio

import pytest


class Account:
    def __init__(self):
        self.balance, self.log = 10, []

    async def deposit(self, amount):
        before = self.balance
        await asyncio.sleep(0)
        self.log.append(f"{before} and {amount}")
        self.balance += amount

    async def double(self):
        amount = await half(self.balance)
        self.balance += 2 * amount


async def half(number):
    return number // 2


@pytest.mark.asyncio
async def test_two_deposits():
    account = Account()
    await asyncio.gather(account.deposit(5), account.deposit(7))
    assert account.balance == 23


@pytest.mark.asyncio
async def test_a_helper_that_does_not_wait():
    account = Account()
    await asyncio.gather(account.double(), account.double())
    assert account.balance == 41
