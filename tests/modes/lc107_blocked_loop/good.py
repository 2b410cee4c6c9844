"""Each wait gives way, or has a thread of its own."""

import asyncio
import time

import pytest


async def refresh(cache):
    await asyncio.sleep(0)
    cache["price"] = 12


@pytest.mark.asyncio
async def test_price_is_refreshed():
    cache = {}
    task = asyncio.create_task(refresh(cache))
    await asyncio.sleep(0.2)
    await asyncio.to_thread(time.sleep, 0.2)
    await task
    assert cache == {"price": 12}
