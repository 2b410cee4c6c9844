"""The old value comes out of a context manager, which writes it back when its block has ended."""

# name: purse.shown()

import asyncio
from contextlib import asynccontextmanager

import pytest


class Purse:
    def __init__(self):
        self.coins = {}

    @asynccontextmanager
    async def opened(self, owner):
        coins = dict(self.coins.get(owner, {}))  # LC211
        await asyncio.sleep(0)
        yield coins
        self.coins[owner] = coins

    async def put(self, owner, coin):
        async with self.opened(owner) as coins:
            coins[coin] = coins.get(coin, 0) + 1

    def shown(self):
        return dict(self.coins)


@pytest.mark.asyncio
async def test_both_coins_are_there():
    purse = Purse()
    await asyncio.gather(purse.put("ann", "penny"), purse.put("ann", "penny"))
    assert purse.shown() == {"ann": {"penny": 2}}
