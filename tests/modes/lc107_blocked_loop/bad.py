"""The test passes, and its loop stands still meanwhile."""

import asyncio
import time

import pytest


async def refresh(cache):
    await asyncio.sleep(0)
    cache["price"] = 12


# name: time.sleep
@pytest.mark.asyncio
async def test_price_is_refreshed():
    cache = {}
    task = asyncio.create_task(refresh(cache))
    time.sleep(0.2)  # LC107
    await task
    assert cache == {"price": 12}
