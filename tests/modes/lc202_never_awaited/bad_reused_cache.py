"""A cache keeps the coroutine of an `async def`, and not what it returns."""
# findings: 3
# name: self.prices | load() | self.load()

import asyncio
from functools import cache, cached_property, lru_cache

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


class Settings:
    def __init__(self, pages):
        self.pages = pages

    @lru_cache(maxsize=None)  # LC202
    async def load(self, name):
        await asyncio.sleep(0)
        return self.pages[name]

    async def value(self, name, key):
        page = await self.load(name)
        return page[key]


async def test_a_setting_twice():
    settings = Settings({"shop": {"tea": 3}})
    assert await settings.value("shop", "tea") == 3
    assert await settings.value("shop", "tea") == 3
