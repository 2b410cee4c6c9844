"""A tracing decorator stands around the coroutine: the task has the name of what it wraps."""
# name: refresh_prices

import asyncio
import functools

import pytest


def traced(function):
    @functools.wraps(function)
    async def async_wrapper(*args, **kwargs):
        return await function(*args, **kwargs)

    return async_wrapper


@traced
async def refresh_prices():
    await asyncio.sleep(30)


@pytest.mark.asyncio
async def test_a_price():
    asyncio.create_task(refresh_prices())  # LC201
    await asyncio.sleep(0)
