"""Each task has an account, or a key, of its own, and one total is checked with a wrong number."""

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
async def test_two_accounts():
    ann, ben = Account(), Account()
    await asyncio.gather(ann.deposit(5), ben.deposit(7))
    assert ann.balance == 17


@pytest.mark.asyncio
async def test_many_accounts():
    accounts = [Account(), Account()]
    await asyncio.gather(*(account.deposit(5) for account in accounts))
    account = accounts[0]
    assert account.balance == 20


@pytest.mark.asyncio
async def test_two_keys():
    words = {"rye": 0, "tea": 0}

    async def count(word):
        before = words[word]
        await asyncio.sleep(0)
        words[word] = before + 1

    await asyncio.gather(count("rye"), count("tea"))
    assert words == {"rye": 1, "tea": 2}


@pytest.mark.asyncio
async def test_two_names():
    users = {}

    async def join(name):
        if name not in users:
            await asyncio.sleep(0)
            users[name] = "new"

    async with asyncio.TaskGroup() as tasks:
        for name in ("ann", "ben"):
            tasks.create_task(join(name))
        tasks.create_task(join("cleo"))
        tasks.create_task(join("dan"))
    assert len(users) == 3
