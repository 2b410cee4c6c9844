"""A fixture holds the lock, and a timer opens it late: `save` has never failed."""

import asyncio

import pytest
import pytest_asyncio

pytestmark = pytest.mark.asyncio


class Store:
    def __init__(self):
        self.rows, self.lock = {}, asyncio.Lock()

    async def open(self):
        await self.lock.acquire()

    def close(self):
        self.lock.release()

    async def save(self, key, value):
        await self.lock.acquire()
        self.rows[key] = int(value)
        self.lock.release()


@pytest_asyncio.fixture
async def opened():
    store = Store()
    await store.open()
    asyncio.get_running_loop().call_later(60, store.close)
    return store


async def test_it_is_closed_late(opened):
    async with asyncio.timeout(0.1):
        await opened.save("tea", "2")


async def test_a_test_closes_it_late():
    store = Store()
    await store.open()
    asyncio.get_running_loop().call_later(60, store.close)
    async with asyncio.timeout(0.1):
        await store.save("tea", "2")
