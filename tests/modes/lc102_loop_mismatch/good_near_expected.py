"""A real mismatch that the tests expect: nothing fails, so nothing is said."""

import asyncio

import pytest

orders = asyncio.Queue()


async def wait_for_order():
    getter = asyncio.create_task(orders.get())
    await asyncio.sleep(0)
    orders.put_nowait("tea")
    return await getter


@pytest.mark.asyncio
async def test_order_arrives():
    assert await wait_for_order() == "tea"


@pytest.mark.asyncio
async def test_second_loop_is_refused():
    with pytest.raises(RuntimeError, match="bound to a different event loop"):
        await wait_for_order()


@pytest.mark.asyncio
@pytest.mark.xfail(raises=RuntimeError, strict=True, reason="orders belongs to another loop")
async def test_known_to_fail():
    orders.get_nowait()
    await wait_for_order()
