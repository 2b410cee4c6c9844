"""A server in a task of its own, asked before it came to its first line."""

import asyncio
import socket

import pytest

with socket.create_server(("127.0.0.1", 0)) as free:  # a fixed one may be a parallel run's
    PORT = free.getsockname()[1]


async def answer(reader, writer):
    writer.write(b"pong\n")
    await writer.drain()
    writer.close()


async def serve():
    server = await asyncio.start_server(answer, "127.0.0.1", PORT)
    async with server:
        await server.serve_forever()


# name: asyncio.open_connection
@pytest.mark.asyncio
async def test_pong():
    serving = asyncio.create_task(serve())  # LC506
    reader, writer = await asyncio.open_connection("127.0.0.1", PORT)
    assert await reader.readline() == b"pong\n"
    serving.cancel()
