"""One deposit after the other: with a limit each, or as a task that is awaited at once."""

import asyncio

import pytest


class Account:
    def __init__(self):
        self.balance = 10

    async def deposit(self, amount):
        before = self.balance
        await asyncio.sleep(0)
        self.balance = before + amount


@pytest.mark.asyncio
async def test_with_limits():
    account = Account()
    await asyncio.wait_for(account.deposit(5), 1)
    await asyncio.wait_for(account.deposit(7), 1)
    assert account.balance == 21


@pytest.mark.asyncio
async def test_task_by_task():
    account = Account()
    for amount in (5, 7):
        task = asyncio.create_task(account.deposit(amount))
        await task
    await asyncio.gather(account.deposit(1))
    assert account.balance == 22
