"""One loop for all tests of the module: the client at import may stay."""

import os

import pytest
import valkey.asyncio as valkey

pytestmark = pytest.mark.asyncio(loop_scope="module")
client = valkey.from_url(os.environ["VALKEY_URL"])


async def test_price_is_stored():
    assert await client.set("price:rye", 3)


async def test_price_is_read():
    assert await client.get("price:rye") == b"3"
    await client.aclose()
