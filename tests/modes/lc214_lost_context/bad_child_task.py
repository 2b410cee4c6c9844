"""The login runs beside another call. What it sets ends with its task."""

import asyncio
from contextvars import ContextVar

import pytest

user = ContextVar("user")


async def login(name):
    await asyncio.sleep(0)
    user.set(name)


async def load_prices():
    await asyncio.sleep(0)
    return {"tea": 3}


async def start(name):
    _, prices = await asyncio.gather(login(name), load_prices())  # LC214
    return prices


# name: user
@pytest.mark.asyncio
async def test_the_cart_belongs_to_the_user():
    prices = await start("ada")
    assert (user.get(), prices["tea"]) == ("ada", 3)
