"""`+= await` reads the total before it waits for the price."""

import asyncio

import pytest

PRICES = {"tea": 3, "jam": 4, "rye": 2}


class Till:
    total = 0

    async def price(self, goods):
        await asyncio.sleep(0)
        return PRICES[goods]

    async def scan(self, goods):
        self.total += await self.price(goods)  # LC211

    async def scan_all(self, basket):
        async with asyncio.TaskGroup() as tasks:
            for goods in basket:
                tasks.create_task(self.scan(goods))


# name: till.total
@pytest.mark.asyncio
async def test_a_basket():
    till = Till()
    await till.scan_all(["tea", "jam", "rye"])
    assert till.total == 9
