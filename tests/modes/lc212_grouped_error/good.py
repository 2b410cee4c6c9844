"""The order opens the group itself: its callers meet the error that they know."""

import asyncio

import pytest


class OutOfStock(Exception):
    pass


async def reserve(goods):
    await asyncio.sleep(0)
    if goods == "tea":
        raise OutOfStock(goods)


async def order(*basket):
    try:
        async with asyncio.TaskGroup() as tasks:
            for goods in basket:
                tasks.create_task(reserve(goods))
    except ExceptionGroup as group:
        raise group.exceptions[0] from group


@pytest.mark.asyncio
async def test_tea_is_out_of_stock():
    with pytest.raises(OutOfStock):
        await order("milk", "tea")
