"""An order reserves its goods in a task group, and one of them is not in stock."""

import asyncio

import pytest


class OutOfStock(Exception):
    pass


async def reserve(goods):
    await asyncio.sleep(0)
    if goods == "tea":
        raise OutOfStock(goods)


async def order(*basket):
    async with asyncio.TaskGroup() as tasks:
        for goods in basket:
            tasks.create_task(reserve(goods))


# name: OutOfStock
@pytest.mark.asyncio
async def test_tea_is_out_of_stock():
    with pytest.raises(OutOfStock):  # LC212
        await order("milk", "tea")
