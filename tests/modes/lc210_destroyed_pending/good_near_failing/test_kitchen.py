"""Tests that fail for other reasons, and hold a task that waits: its end was still to come."""

import asyncio

import pytest

pytestmark = pytest.mark.asyncio


class Kitchen:
    def __init__(self):
        self.orders, self.bill, self.cook = asyncio.Queue(), 0, None

    async def work(self):
        while True:
            self.bill += await self.orders.get()

    def open(self):
        self.cook = asyncio.create_task(self.work())

    async def close(self):
        self.cook.cancel()


async def test_a_name_holds_it():
    kitchen = Kitchen()
    cook = asyncio.create_task(kitchen.work())
    await asyncio.sleep(0)
    assert kitchen.bill == 3, "fails on purpose"
    cook.cancel()


async def test_a_list_holds_it():
    kitchen = Kitchen()
    cooks = [asyncio.create_task(kitchen.work())]
    await asyncio.sleep(0)
    assert kitchen.bill == 3, "fails on purpose"
    cooks[0].cancel()


async def test_an_object_holds_it():
    kitchen = Kitchen()
    kitchen.open()
    await asyncio.sleep(0)
    assert kitchen.bill == 3, "fails on purpose"
    await kitchen.close()
