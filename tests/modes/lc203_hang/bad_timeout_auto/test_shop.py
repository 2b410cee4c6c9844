"""Nobody puts an order into the queue any more: the importer has ended."""

import asyncio


class Shop:
    def __init__(self):
        self.orders = asyncio.Queue()

    async def load(self, lines):
        for line in lines:
            if line.isdigit():
                await self.orders.put(int(line))

    async def next_order(self):
        async with asyncio.timeout(0.2):
            return await self.orders.get()  # LC203


# name: shop.orders
async def test_both_orders_come():
    shop = Shop()
    async with asyncio.TaskGroup() as group:
        group.create_task(shop.load(["17", "x18"]))
    assert await shop.next_order() == 17
    assert await shop.next_order() == 18
