"""A frame has a length and as many bytes: the double was made, and nothing fed it."""

# name: reader
import asyncio

import pytest


async def read_frame(reader):
    size = int.from_bytes(await reader.readexactly(2), "big")
    return await reader.readexactly(size)


@pytest.mark.asyncio
async def test_an_empty_stream():
    reader = asyncio.StreamReader()  # LC203
    async with asyncio.timeout(0.2):
        assert await read_frame(reader) == b""
