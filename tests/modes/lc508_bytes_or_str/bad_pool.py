"""A client that is given a pool ignores decode_responses; the pool leaves answers as bytes."""

# name: client
import os

import pytest
from valkey.asyncio import ConnectionPool, Valkey


@pytest.mark.asyncio
async def test_the_pool_decides():
    pool = ConnectionPool.from_url(os.environ["VALKEY_URL"])  # LC508
    client = Valkey(connection_pool=pool, decode_responses=True)  # LC508
    await client.set("mode", "on")
    mode = await client.get("mode")
    await client.aclose()
    await pool.disconnect()
    assert mode == "on"
