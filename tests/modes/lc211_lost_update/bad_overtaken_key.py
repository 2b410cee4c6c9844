"""Two orders open the same account: the bank refuses the second one. A task group starts them."""

import asyncio
from unittest import IsolatedAsyncioTestCase


class Bank:
    def __init__(self):
        self.names = set()

    async def open(self, name):
        await asyncio.sleep(0)
        if name in self.names:
            raise ValueError(f"{name} has an account")
        self.names.add(name)
        return len(self.names)


class Ledger:
    def __init__(self, bank):
        self.bank, self.accounts = bank, {}

    async def account(self, name):
        if name not in self.accounts:  # LC211
            number = await self.bank.open(name)
            self.accounts[name] = number
        return self.accounts[name]

    async def book(self, *names):
        async with asyncio.TaskGroup() as group:
            for name in names:
                group.create_task(self.account(name))


# name: self.accounts
class LedgerTest(IsolatedAsyncioTestCase):
    async def test_two_orders_of_one_customer(self):
        ledger = Ledger(Bank())
        await ledger.book("ada", "ada")
        self.assertEqual(ledger.accounts, {"ada": 1})
