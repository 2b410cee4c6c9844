"""The port is changed later: a setting of another client, with the same port, says nothing."""

# name: store

import pytest
import valkey.asyncio as valkey

ARCHIVE = "redis://127.0.0.1:9/0"


@pytest.mark.asyncio
async def test_stock():
    store = valkey.Valkey(port=6379)  # LC506
    store.connection_pool.connection_kwargs["port"] = 9
    await store.ping()
    assert ARCHIVE
