"""The fixture's fake returns at once, and the test cancels its worker before it took an order."""

# name: asyncio.sleep

import asyncio
from contextlib import suppress

import pytest


@pytest.fixture
def no_delays(monkeypatch):
    async def at_once(delay, result=None):
        return result

    monkeypatch.setattr("asyncio.sleep", at_once)  # LC405


async def cook(orders, served):
    while True:
        dish = await orders.get()
        await asyncio.sleep(600)
        served.append(dish)


async def settle():
    for _ in range(5):
        await asyncio.sleep(0.01)


@pytest.mark.asyncio
async def test_all_orders_are_served(no_delays):
    orders, served = asyncio.Queue(), []
    for dish in ("soup", "rice"):
        orders.put_nowait(dish)
    cooking = asyncio.create_task(cook(orders, served))
    await settle()
    cooking.cancel()
    with suppress(asyncio.CancelledError):
        await cooking
    assert served == ["soup", "rice"]
