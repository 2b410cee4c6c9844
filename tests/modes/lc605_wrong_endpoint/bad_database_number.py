"""A database that the server does not have."""

import os

import pytest
import valkey.asyncio as valkey

STORE = os.environ["VALKEY_URL"].rpartition("/")[0]
client = valkey.from_url(STORE, db=99)  # LC605


# name: client
@pytest.mark.asyncio
async def test_get():
    assert await client.get("k") is None
