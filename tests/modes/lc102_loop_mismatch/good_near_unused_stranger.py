"""A client and a lock of another loop are in reach, but the assertion fails on its own."""

import asyncio
import os

import pytest
import valkey.asyncio as valkey

client = valkey.from_url(os.environ["VALKEY_URL"])
orders = asyncio.Queue()


@pytest.fixture(scope="module")
def shop():
    return {"client": client, "orders": orders}


@pytest.mark.asyncio(loop_scope="module")
async def test_everything_is_bound_to_the_modules_loop(shop):
    await client.set("near", 1)
    getter = asyncio.create_task(orders.get())
    await asyncio.sleep(0)
    orders.put_nowait("tea")
    assert await getter == "tea"


@pytest.mark.asyncio
async def test_total_is_wrong(shop):
    price, store = 3, shop["client"]
    assert store is client
    assert price * 2 == 7, "fails"
