"""The code under test wraps what it cannot explain."""

# name: orders
import os

import pytest
import valkey.asyncio as valkey


class OrderError(Exception):
    pass


orders = valkey.from_url(os.environ["VALKEY_URL"])  # LC102


async def place(order):
    try:
        return await orders.incr(f"order:{order}")
    except Exception as exc:
        raise OrderError("order failed") from exc


@pytest.mark.asyncio(loop_scope="module")
async def test_order_is_placed():
    assert await place("tea") >= 1


@pytest.mark.asyncio
async def test_order_is_placed_twice():
    assert await place("tea") >= 2
