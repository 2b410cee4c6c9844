"""The poll takes a timeout for an empty queue. The test fails since an order is missing."""

import asyncio

import pytest


async def read(queue):
    try:
        return await queue.get()
    except asyncio.CancelledError:
        return None


async def drain(queue):
    orders = []
    while True:
        try:
            order = await asyncio.wait_for(read(queue), 0.02)
        except asyncio.TimeoutError:
            return orders
        if order is None:
            return orders
        orders.append(order)


@pytest.mark.asyncio
async def test_all_orders_arrive():
    queue = asyncio.Queue()
    queue.put_nowait("tea")
    if "milk" not in await drain(queue):
        pytest.fail("no milk")
