"""With a default, the lost value is None, and the error is about that."""

import asyncio
from contextvars import ContextVar

import pytest

basket = ContextVar("basket", default=None)


async def open_basket():
    await asyncio.sleep(0)
    basket.set([])


async def add(goods):
    mine = basket.get()
    mine.append(goods)
    return len(mine)


# name: basket
@pytest.mark.asyncio
async def test_goods_are_added():
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(open_basket())  # LC214
    assert await add("tea") == 1
