"""A worker has a job when the test asks for it, and is ended as the error leaves its block."""

# name: Kitchen._cook

import asyncio

import pytest


class Kitchen:
    def __init__(self):
        self.orders, self.plates = asyncio.Queue(), []

    async def __aenter__(self):
        self.cook = asyncio.create_task(self._cook())
        return self

    async def __aexit__(self, *error):
        self.cook.cancel()
        await asyncio.wait([self.cook])

    async def _cook(self):
        while True:
            self.plates.append(await self.orders.get())


@pytest.mark.asyncio
async def test_an_order_is_cooked():
    async with Kitchen() as kitchen:
        kitchen.orders.put_nowait("soup")
        assert kitchen.plates == ["soup"]  # LC208
