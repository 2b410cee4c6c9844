"""A queue at module level: whoever waits on it first decides its loop."""

# name: orders
import asyncio

import pytest

orders: asyncio.Queue[str] = asyncio.Queue()  # LC102


async def serve(dish):
    cook = asyncio.create_task(orders.get())
    await asyncio.sleep(0)
    await orders.put(dish)
    return await cook


@pytest.mark.asyncio
async def test_soup_is_served():
    assert await serve("soup") == "soup"


@pytest.mark.asyncio
async def test_stew_is_served():
    assert await serve("stew") == "stew"
