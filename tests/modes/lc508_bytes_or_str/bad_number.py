"""A number is kept as text: what comes back is not equal to it, decoded or not."""

# name: client
import os

import pytest
from valkey.asyncio import Valkey


@pytest.mark.asyncio
async def test_a_count():
    async with Valkey.from_url(os.environ["VALKEY_URL"]) as client:
        await client.set("visits", 42)
        assert await client.get("visits") == 42  # LC508
