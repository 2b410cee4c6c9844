"""Whoever holds these locks is only slow, though an error could skip a release in this project."""

import asyncio

import pytest

pytestmark = pytest.mark.asyncio


class Store:
    def __init__(self):
        self.rows, self.lock = {}, asyncio.Lock()

    async def save(self, key, value):
        await self.lock.acquire()
        self.rows[key] = int(value)
        self.lock.release()

    async def slow_save(self, key):
        await self.lock.acquire()
        await asyncio.sleep(60)
        self.rows[key] = 0
        self.lock.release()


async def test_a_slow_save_holds_it():
    store = Store()
    saving = asyncio.create_task(store.slow_save("tea"))
    await asyncio.sleep(0)
    async with asyncio.timeout(0.1):
        await store.save("tea", "2")
    await saving


async def test_an_error_left_it_released():
    store = Store()
    with pytest.raises(ValueError):
        int("two")
    await store.save("tea", "2")
    saving = asyncio.create_task(store.slow_save("tea"))
    await asyncio.sleep(0)
    async with asyncio.timeout(0.1):
        await store.save("tea", "3")
    await saving
