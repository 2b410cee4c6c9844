"""A function starts the task and returns it: its caller drops it."""

import asyncio

import pytest


async def warm(cache):
    cache["tea"] = 3
    await asyncio.sleep(30)


def start_warming(cache):
    task = asyncio.create_task(warm(cache), name="warming")
    return task


# name: warm
@pytest.mark.asyncio
async def test_the_cache_gets_warm():
    cache = {}
    start_warming(cache)  # LC201
    await asyncio.sleep(0)
    assert cache == {"tea": 3}
