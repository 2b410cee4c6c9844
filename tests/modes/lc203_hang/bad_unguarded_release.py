"""`withdraw` releases its lock at the end only: after an error the account stays locked."""

# name: account.lock | self.lock
import asyncio

import pytest


class Account:
    def __init__(self, balance):
        self.balance, self.lock = balance, asyncio.Lock()

    async def withdraw(self, amount):
        await self.lock.acquire()  # LC203
        if amount > self.balance:
            raise ValueError("too much")
        self.balance -= amount
        self.lock.release()
        return self.balance


@pytest.mark.asyncio
async def test_the_next_one_gets_its_money():
    account = Account(10)
    both = asyncio.gather(account.withdraw(20), account.withdraw(5), return_exceptions=True)
    async with asyncio.timeout(0.2):
        assert (await both)[1] == 5
