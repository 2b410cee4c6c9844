"""A lock is held from the read to the write, and the expected total is wrong."""

import asyncio
from contextlib import asynccontextmanager

import pytest


class Account:
    def __init__(self):
        self.balance, self.lock = 10, asyncio.Lock()

    async def deposit(self, amount):
        async with self.lock:
            before = self.balance
            await asyncio.sleep(0)
            self.balance = before + amount

    @asynccontextmanager
    async def alone(self):
        async with self.lock:
            yield

    async def withdraw(self, amount):
        async with self.alone():
            if self.balance >= amount:
                await asyncio.sleep(0)
                self.balance -= amount


@pytest.mark.asyncio
async def test_two_deposits():
    account = Account()
    await asyncio.gather(account.deposit(5), account.deposit(7), account.withdraw(3))
    assert account.balance == 22


@pytest.mark.asyncio
async def test_acquire_and_release():
    account = Account()

    async def double():
        await account.lock.acquire()
        try:
            before = account.balance
            await asyncio.sleep(0)
            account.balance = 2 * before
        finally:
            account.lock.release()

    await asyncio.gather(double(), double())
    assert account.balance == 30
