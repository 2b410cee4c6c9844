"""A cache keeps the coroutine of an `async def`, and not what it returns."""
# findings: 2
# name: self.prices | load()

import asyncio
from functools import cache, cached_property

import pytest

pytestmark = pytest.mark.asyncio


class Shop:
    @cached_property  # LC202
    async def prices(self):
        await asyncio.sleep(0)
        return {"tea": 3}

    async def price(self, name):
        return (await self.prices)[name]


@cache  # LC202
async def load(name):
    await asyncio.sleep(0)
    return name.upper()


async def test_a_price_twice():
    shop = Shop()
    assert await shop.price("tea") == 3
    assert await shop.price("tea") == 3


async def test_a_name_twice():
    assert await load("tea") == "TEA"
    assert await load("tea") == "TEA"
