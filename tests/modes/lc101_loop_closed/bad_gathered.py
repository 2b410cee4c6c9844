"""What failed stands among the results: the assertion says only that they are not equal."""

# name: client
import asyncio
import os

import pytest
import valkey.asyncio as valkey

client = valkey.from_url(os.environ["VALKEY_URL"])  # LC101


@pytest.mark.asyncio
async def test_prices_are_stored():
    stored = await asyncio.gather(client.set("price:rye", 3), return_exceptions=True)
    assert stored == [True]


@pytest.mark.asyncio
async def test_prices_are_read():
    read = await asyncio.gather(client.get("price:rye"), return_exceptions=True)
    assert read == [b"3"]
