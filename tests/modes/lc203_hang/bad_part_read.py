"""The server answers, but not all that is read comes: the line has no end, the frame is short."""

# options: --loopcheck-hang=0.4
# name: reader
# findings: 2

import asyncio

import pytest

pytestmark = pytest.mark.asyncio


async def shout(reader, writer):
    while line := await reader.readline():
        writer.write(line.upper().rstrip())


async def ask(port, text):
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(text.encode() + b"\n")
    return await reader.readline()  # LC203


async def frame(port):
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(b"four\n")
    return await reader.readexactly(8)  # LC203


async def test_hello():
    async with await asyncio.start_server(shout, "127.0.0.1", 0) as server:
        assert await ask(server.sockets[0].getsockname()[1], "hello") == b"HELLO\n"


async def test_frame():
    async with await asyncio.start_server(shout, "127.0.0.1", 0) as server:
        assert await frame(server.sockets[0].getsockname()[1]) == b"FOURFOUR"
