"""The manager holds a lock while its block runs, or its block reads anew: another value fails."""

import asyncio
from contextlib import asynccontextmanager

import pytest


class Purse:
    def __init__(self):
        self.coins, self.lock, self.opens = {}, asyncio.Lock(), 0

    @asynccontextmanager
    async def alone(self):
        async with self.lock:
            self.opens += 1
            yield self

    @asynccontextmanager
    async def counted(self):
        self.opens += 1
        await asyncio.sleep(0)
        yield

    async def put(self, owner, coin):
        async with self.alone():
            coins = self.coins.get(owner, ())
            await asyncio.sleep(0)
            self.coins[owner] = (*coins, coin)

    async def put_at_once(self, owner, coin):
        async with self.counted():
            self.coins[owner] = (*self.coins.get(owner, ()), coin)


@pytest.mark.asyncio
@pytest.mark.parametrize("how", ["put", "put_at_once"])
async def test_all_coins_are_there(how):
    purse = Purse()
    put = getattr(purse, how)
    await asyncio.gather(put("ann", "penny"), put("ann", "dime"))
    assert purse.coins == {"ann": ("penny", "dime", "quid")}


@pytest.mark.asyncio
async def test_a_lock_in_a_manager():
    purse = Purse()
    await asyncio.gather(purse.put("ann", "penny"), purse.put("ann", "dime"))
    assert purse.coins == {"ann": ("penny", "dime", "quid")}


@pytest.mark.asyncio
async def test_a_block_without_a_wait():
    purse = Purse()
    await asyncio.gather(purse.put_at_once("ann", "penny"), purse.put_at_once("ann", "dime"))
    assert purse.coins == {"ann": ("penny", "dime", "quid")}
