"""A unix socket whose path is put together from a folder and a name."""

import asyncio
import os

import pytest

SOCKET = os.path.join(os.path.dirname(__file__), "run", "relay.sock")  # LC506


async def send(text, path=SOCKET):
    reader, writer = await asyncio.open_unix_connection(path)
    writer.write(text)
    return await reader.readline()


# name: asyncio.open_unix_connection
@pytest.mark.asyncio
async def test_send():
    assert await send(b"hello\n") == b"OK\n"
