"""The test waits for Python's ConnectionError; a dead port makes the client raise its own."""

# name: ConnectionError
import pytest
from valkey.asyncio import Valkey


@pytest.mark.asyncio
async def test_a_dead_store_is_noticed():
    async with Valkey(host="127.0.0.1", port=1) as client:
        with pytest.raises(ConnectionError):  # LC503
            await client.get("cart")
