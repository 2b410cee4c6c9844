"""A class keeps the coroutine for a method that awaits it, if there is room for one more."""

# name: bake
import asyncio
from collections.abc import Coroutine

import pytest


class Order:
    def __init__(self, work):
        self._work = work

    async def run(self):
        return await self._work


class Bakery:
    def __init__(self, room):
        self.room = room
        self.orders = []

    def take(self, work: Coroutine):  # LC202
        order = Order(work)
        if len(self.orders) == self.room:
            return False
        self.orders.append(order)
        return True

    async def run(self):
        return [await order.run() for order in self.orders]


async def bake(bread):
    await asyncio.sleep(0)
    return bread


@pytest.mark.asyncio
async def test_a_full_bakery_takes_no_order():
    bakery = Bakery(1)
    assert bakery.take(bake("rye"))
    assert not bakery.take(bake("oat"))
    assert await bakery.run() == ["rye"]
