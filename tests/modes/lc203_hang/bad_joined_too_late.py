"""The end cancels the helpers first, and then waits until they have done everything."""

# name: plant.orders
# options: --loopcheck-hang=1

import asyncio
import contextlib

import pytest


class Plant:
    def __init__(self):
        self.orders, self.made = asyncio.Queue(), []

    async def _make(self):
        while True:
            order = await self.orders.get()
            await asyncio.sleep(0)
            self.made.append(order)
            self.orders.task_done()

    @contextlib.asynccontextmanager
    async def running(self):
        helpers = [asyncio.create_task(self._make()) for _ in range(2)]
        yield self
        for helper in helpers:
            helper.cancel()  # LC203
        await asyncio.gather(*helpers, return_exceptions=True)
        await self.orders.join()


@pytest.mark.asyncio
async def test_all_orders_are_made():
    plant = Plant()
    async with plant.running():
        for order in range(5):
            plant.orders.put_nowait(order)
    assert len(plant.made) == 5
