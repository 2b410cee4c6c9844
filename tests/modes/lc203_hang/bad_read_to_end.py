"""The server answers and keeps the connection; `read()` goes on until it is closed."""

# options: --loopcheck-hang=1
# name: reader

import asyncio

import pytest


async def answer(reader, writer):
    while line := await reader.readline():
        writer.write(b"pong " + line)


async def ask(port, text):
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(text + b"\n")
    return await reader.read()  # LC203


@pytest.mark.asyncio
async def test_answer():
    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    try:
        assert await ask(port, b"ping") == b"pong ping\n"
    finally:
        server.close()
