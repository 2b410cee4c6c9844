"""`gather` raises, and the other coroutine still saves what the test expects to be refused."""
# name: Orders.save | save

import asyncio

import pytest

pytestmark = pytest.mark.asyncio
# findings: 2


class Orders:
    def __init__(self):
        self.saved = []

    async def save(self, name):
        await asyncio.sleep(0.01)
        self.saved.append(name)

    async def check(self, name):
        await asyncio.sleep(0)
        raise ValueError(name)

    async def place(self, name):
        await asyncio.gather(self.save(name), self.check(name))  # LC201


rows = {}


async def save(name):
    await asyncio.sleep(0.01)
    rows[name] = "new"


async def test_nothing_is_saved():
    orders = Orders()
    with pytest.raises(ValueError):
        await orders.place("tea")
    await asyncio.sleep(0.05)
    assert orders.saved == []


async def test_no_row():
    orders = Orders()
    with pytest.raises(ValueError):
        await asyncio.gather(orders.check("rye"), save("rye"))  # LC201
    await asyncio.sleep(0.05)
    assert not rows
