"""A service reads from a store and writes to it: each of both is a wait."""

import asyncio

import pytest


class Store:
    def __init__(self):
        self.rows = {"visits": 0}

    async def get(self, key):
        await asyncio.sleep(0)
        return self.rows[key]

    async def put(self, key, value):
        await asyncio.sleep(0)
        self.rows[key] = value


class Counter:
    def __init__(self, store):
        self.store = store

    async def visit(self):
        count = await self.store.get("visits")  # LC211
        await self.store.put("visits", count + 1)


# name: store.rows['visits']
@pytest.mark.asyncio
async def test_visits():
    store = Store()
    counter = Counter(store)
    visits = [asyncio.create_task(counter.visit()) for _ in range(4)]
    await asyncio.wait(visits)
    assert store.rows["visits"] == 4
