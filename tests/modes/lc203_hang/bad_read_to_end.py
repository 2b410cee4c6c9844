"""The server answers and keeps the connection; `read()` goes on until it is closed."""

# options: --loopcheck-hang=1
# name: reader

import asyncio

import pytest


async def answer(reader, writer):
    writer.write(b"pong " + await reader.readline())


async def ask(port, text):
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(text + b"\n")
    return await reader.read()  # LC203


@pytest.mark.asyncio
async def test_answer():
    async with await asyncio.start_server(answer, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        assert await ask(port, b"ping") == b"pong ping\n"
