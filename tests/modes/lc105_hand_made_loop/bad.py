"""Synchronous code looks up a loop; an async test before it has taken the loop away."""

# name: asyncio.get_event_loop
import asyncio

import pytest


async def price():
    return 3


def price_now():
    loop = asyncio.get_event_loop()  # LC105
    return loop.run_until_complete(price())


@pytest.mark.asyncio
async def test_price():
    assert await price() == 3


def test_price_now():
    assert price_now() == 3
