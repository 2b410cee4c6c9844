"""A client at import: it connects on the first test's loop, and outlives it."""

# name: client
import os

import pytest
import valkey.asyncio as valkey

client = valkey.from_url(os.environ["VALKEY_URL"])  # LC101


@pytest.mark.asyncio
async def test_price_is_stored():
    assert await client.set("price:rye", 3)


@pytest.mark.asyncio
async def test_price_is_read():
    assert await client.get("price:rye") == b"3"
