"""A wait ends at its limit, as what would have ended it was dropped: the cause comes first."""

# findings: 4
import asyncio

import pytest


class Shop:
    def __init__(self):
        self.open = asyncio.Event()

    async def unlock(self):
        self.open.set()

    async def start(self):
        self.unlock()  # LC202


# name: Shop.unlock
@pytest.mark.asyncio
async def test_the_shop_opens():
    shop = Shop()
    await shop.start()
    async with asyncio.timeout(0.3):
        await shop.open.wait()


async def fill(shelf):
    shelf.put("tea")  # LC202


# name: Queue.put
@pytest.mark.asyncio
async def test_there_is_tea():
    shelf = asyncio.Queue()
    await asyncio.gather(fill(shelf), asyncio.sleep(0))
    assert await asyncio.wait_for(shelf.get(), 0.3) == "tea"
