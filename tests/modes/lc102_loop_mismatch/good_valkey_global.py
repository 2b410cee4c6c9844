"""One loop for all who share the client."""

import os

import pytest
import valkey.asyncio as valkey

pytestmark = pytest.mark.asyncio(loop_scope="module")
client = valkey.from_url(os.environ["VALKEY_URL"])


async def test_price_is_stored():
    assert await client.set("price:bread", 3)


async def test_price_is_read():
    assert await client.get("price:bread") == b"3"


async def test_connections_are_closed():
    await client.aclose()
