"""`save` locks, and its caller has locked already: asyncio's locks can't be taken twice."""

# options: --loopcheck-hang=1
# name: account.lock | self.lock

import asyncio

import pytest


class Account:
    def __init__(self):
        self.lock = asyncio.Lock()
        self.rows = []

    async def save(self, row):
        async with self.lock:  # LC203
            self.rows.append(row)

    async def move(self, row):
        async with self.lock:
            await self.save(row)


@pytest.mark.asyncio
async def test_move():
    account = Account()
    await account.move("a")
    assert account.rows == ["a"]
