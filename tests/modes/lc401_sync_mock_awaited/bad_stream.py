"""What is awaited gives a stream; the double gives a list, and that has no `__aiter__`."""

from unittest.mock import AsyncMock

import pytest


async def say(client, text):
    stream = await client.create(text, stream=True)
    return "".join([part async for part in stream])


# name: client.create
@pytest.mark.asyncio
async def test_say():
    client = AsyncMock()  # LC401
    client.create.return_value = ["a", "b"]
    assert await say(client, "x") == "ab"
