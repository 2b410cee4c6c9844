"""What goes on after `gather` is meant to, or changes another thing than the test checks."""

import asyncio

import pytest

pytestmark = pytest.mark.asyncio


class Orders:
    def __init__(self):
        self.saved, self.refused = [], []

    async def save(self, name):
        await asyncio.sleep(0.01)
        self.saved.append(name)

    async def check(self, name):
        await asyncio.sleep(0)
        raise ValueError(name)

    async def place(self, name):
        self.refused.append(name)
        await asyncio.gather(self.save(name), self.check(name))


async def test_it_is_saved():
    orders = Orders()
    with pytest.raises(ValueError):
        await orders.place("tea")
    await asyncio.sleep(0.05)
    assert orders.saved == ["rye"]


async def test_nothing_is_refused():
    orders = Orders()
    with pytest.raises(ValueError):
        await orders.place("tea")
    await asyncio.sleep(0.05)
    assert orders.refused == []
