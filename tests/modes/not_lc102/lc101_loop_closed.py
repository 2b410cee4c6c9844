"""LC101: the client's own loop is closed by the time the second test uses it."""

import os

import pytest
import valkey.asyncio as valkey

client = valkey.from_url(os.environ["VALKEY_URL"])


@pytest.mark.asyncio
async def test_price_is_stored():
    assert await client.set("price:rye", 3)


@pytest.mark.asyncio
async def test_price_is_read():  # RuntimeError: Event loop is closed
    assert await client.get("price:rye") == b"3"
