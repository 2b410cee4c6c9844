"""A function is passed where its call belongs, and a list where its parts do."""

# name: refresh | cache.load | [cache.load(), refresh()]
# findings: 3
import asyncio

import pytest

pytestmark = pytest.mark.asyncio


class Cache:
    async def load(self):
        await asyncio.sleep(0)
        return "rows"


async def refresh():
    await asyncio.sleep(0)
    return "fresh"


async def test_a_task():
    task = asyncio.create_task(refresh)  # LC202
    assert await task == "fresh"


async def test_a_limit():
    cache = Cache()
    rows = await asyncio.wait_for(cache.load, 1)  # LC202
    assert rows == "rows"


async def test_both():
    cache = Cache()
    both = await asyncio.gather([cache.load(), refresh()])  # LC202
    assert both == ["rows", "fresh"]
