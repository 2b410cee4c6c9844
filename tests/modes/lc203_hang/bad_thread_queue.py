"""A job in an executor waits for the next one, which waits for its thread."""

# options: --loopcheck-hang=1
# name: pool | packed | future

import asyncio
import queue
from concurrent.futures import ThreadPoolExecutor

import pytest


def pack(orders):
    return orders.get()  # LC203


@pytest.mark.asyncio
async def test_pack():
    orders, loop = queue.Queue(), asyncio.get_running_loop()
    with ThreadPoolExecutor(1) as pool:
        try:
            packed = loop.run_in_executor(pool, pack, orders)
            await loop.run_in_executor(pool, orders.put, "pen")
            assert await packed == "pen"
        finally:
            orders.put(None)
