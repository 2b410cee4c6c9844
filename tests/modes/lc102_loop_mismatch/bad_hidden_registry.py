"""A registry of clients by name; the two tests share one of them."""

# name: clients["orders"]
import os

import pytest
import valkey.asyncio as valkey

URL = os.environ["VALKEY_URL"]
clients = {"orders": valkey.from_url(URL), "users": valkey.from_url(URL)}  # LC102


async def put(kind, key, value):
    await clients[kind].hset(f"kept:{kind}", key, value)
    return await clients[kind].hget(f"kept:{kind}", key)


@pytest.mark.asyncio(loop_scope="module")
async def test_order_is_kept():
    assert await put("orders", "1", "tea") == b"tea"


@pytest.mark.asyncio
async def test_user_is_kept():  # passes: nobody has used this one yet
    assert await put("users", "1", "ada") == b"ada"


@pytest.mark.asyncio
async def test_next_order_is_kept():
    assert await put("orders", "2", "milk") == b"milk"
