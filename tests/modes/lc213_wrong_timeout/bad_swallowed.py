"""The cache gives up after 20 ms. Its caller thinks that the shop needed 5 s, and is closed."""

import asyncio

import pytest


async def look_up(goods):
    try:
        async with asyncio.timeout(0.02):
            await asyncio.Event().wait()
    finally:
        goods.append("tea")


async def price(goods):
    try:
        async with asyncio.timeout(5):
            await look_up(goods)
            return 3
    except TimeoutError:  # LC213
        return "closed"


async def order(goods):
    try:
        return await price(goods)
    except TimeoutError:
        return "ask again"


# name: asyncio.timeout(0.02)
@pytest.mark.asyncio
async def test_a_slow_cache_is_asked_again():
    found = await order([])
    assert found == "ask again"
