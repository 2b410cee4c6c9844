"""The module's loop made the connection, a function's loop reads from it. Both are open."""

# name: client
import os

import pytest
import valkey.asyncio as valkey

client = valkey.from_url(os.environ["VALKEY_URL"])  # LC102


@pytest.mark.asyncio(loop_scope="module")
async def test_price_is_stored():
    assert await client.set("price:bread", 3)


@pytest.mark.asyncio
async def test_price_is_read():
    assert await client.get("price:bread") == b"3"


@pytest.mark.asyncio
async def test_price_is_read_again():  # passes: the client has made a new connection
    assert await client.get("price:bread") == b"3"
