"""Locks that a running task holds, and events that nothing has cleared since they were set."""

import asyncio

import pytest

pytestmark = pytest.mark.asyncio


class Store:
    def __init__(self):
        self.rows, self.lock, self.ready = {}, asyncio.Lock(), asyncio.Event()

    async def save(self, key, value):
        await self.lock.acquire()
        await asyncio.sleep(0.01)
        self.rows[key] = int(value)
        self.lock.release()

    async def refill(self):
        self.ready.clear()
        await asyncio.sleep(0)
        self.ready.set()


async def test_a_save_is_still_running():
    store = Store()
    saving = asyncio.create_task(store.save("tea", "2"))
    await asyncio.sleep(0)
    try:
        assert not store.lock.locked()
    finally:
        await saving


async def test_the_test_itself_holds_it():
    store = Store()
    await store.lock.acquire()
    assert not store.lock.locked()


async def test_nobody_has_set_it_yet():
    store = Store()
    assert store.ready.is_set()


async def test_another_word_of_the_assertion_is_wrong():
    store = Store()
    await store.save("tea", "2")
    assert store.lock.locked()
