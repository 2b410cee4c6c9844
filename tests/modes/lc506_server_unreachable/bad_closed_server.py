"""The test's own server is gone before the last question."""

import asyncio

import pytest


async def echo(reader, writer):
    writer.write(await reader.readline())
    await writer.drain()
    writer.close()


async def ask(port, text):
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(text + b"\n")
    answer = await reader.readline()
    writer.close()
    return answer


# name: asyncio.open_connection
@pytest.mark.asyncio
async def test_two_questions():
    server = await asyncio.start_server(echo, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    assert await ask(port, b"one") == b"one\n"
    server.close()  # LC506
    assert await ask(port, b"two") == b"two\n"
