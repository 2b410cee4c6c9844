"""A unix socket that nobody made."""

import pytest
from valkey.asyncio import Valkey

client = Valkey(unix_socket_path="/nowhere/valkey.sock")  # LC506


# name: client
@pytest.mark.asyncio
async def test_get():
    assert await client.get("k") is None
