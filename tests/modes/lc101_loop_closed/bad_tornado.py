"""A tornado stream keeps its loop as `io_loop`, and says what went wrong in words of its own."""
# name: wire

import os
import socket
from urllib.parse import urlsplit

import pytest
from tornado.iostream import IOStream

wire = None


async def ask(path):
    global wire
    address = urlsplit(os.environ["HTTP_URL"])
    if wire is None:
        wire = IOStream(socket.socket())  # LC101
        await wire.connect((address.hostname, address.port))
    await wire.write(f"GET {path} HTTP/1.1\r\nConnection: close\r\n\r\n".encode())
    return await wire.read_until_close()


@pytest.mark.asyncio
async def test_soup():
    assert b"200" in await ask("/soup")


@pytest.mark.asyncio
async def test_stew():
    assert b"200" in await ask("/stew")
