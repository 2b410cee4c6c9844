"""The group holds another error than the test expects: a bug, and no matter of the group."""

import asyncio

import pytest


async def reserve(stock, goods):
    await asyncio.sleep(0)
    if stock[goods] == 0:
        raise ValueError(goods)


@pytest.mark.asyncio
async def test_no_stock():
    with pytest.raises(ValueError):
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(reserve({}, "tea"))
