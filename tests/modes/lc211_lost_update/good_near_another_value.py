"""One thing is read, and another one is written: its value is a plain bug."""

import asyncio

import pytest


class Shop:
    def __init__(self):
        self.price, self.total, self.state = 3, 0, "open"

    async def sell(self, count):
        price = self.price
        await asyncio.sleep(0)
        self.total += price * count
        self.state = "sold"

    async def close(self):
        while self.state == "open":
            await asyncio.sleep(0)
        self.state = "closed"


@pytest.mark.asyncio
async def test_a_day():
    shop = Shop()
    await asyncio.gather(shop.sell(1), shop.sell(2), shop.close())
    assert shop.total == 6
    assert shop.state == "closed"


@pytest.mark.asyncio
async def test_a_state():
    shop = Shop()
    await asyncio.gather(shop.sell(1), shop.close())
    assert shop.state == "open"
