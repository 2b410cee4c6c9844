"""A bus keeps the async method in a table of lists, and calls it or lets the loop call it."""
# name: Basket.put
# findings: 2

import asyncio

import pytest
from bus import Bus

pytestmark = pytest.mark.asyncio


class Basket:
    def __init__(self):
        self.fruits = []

    async def put(self, fruit):
        self.fruits.append(fruit)


async def test_publish():
    bus, basket = Bus(), Basket()
    bus.subscribe("picked", basket.put)
    bus.publish("picked", fruit="plum")
    assert basket.fruits == ["plum"]


async def test_publish_soon():
    bus, basket = Bus(), Basket()
    bus.subscribe("picked", basket.put)
    bus.publish_soon("picked", fruit="plum")
    await asyncio.sleep(0.01)
    assert basket.fruits == ["plum"]
