"""A function is passed where its call belongs, and a list where its parts do."""

# name: refresh | cache.load | [cache.load(), refresh()] | jobs
# findings: 4
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
    assert await asyncio.create_task(refresh) == "fresh"  # LC202


async def test_a_limit():
    cache = Cache()
    assert await asyncio.wait_for(cache.load, 1) == "rows"  # LC202


async def test_both():
    cache = Cache()
    assert await asyncio.gather([cache.load(), refresh()]) == ["rows", "fresh"]  # LC202


async def test_all_jobs():
    jobs = [asyncio.ensure_future(refresh()) for _ in range(2)]
    assert await jobs == ["fresh", "fresh"]  # LC202
