"""A server's handler ends its own task when the other side hangs up, after the test's last line."""

import asyncio

import pytest


async def remind(writer):
    while True:
        await asyncio.sleep(30)
        writer.write(b"still here\n")


async def echo(reader, writer):
    reminder = asyncio.create_task(remind(writer))
    writer.write(await reader.readline())
    await reader.read()
    reminder.cancel()
    writer.close()


@pytest.mark.asyncio
async def test_echo():
    server = await asyncio.start_server(echo, "127.0.0.1", 0)
    reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
    writer.write(b"bread\n")
    assert await reader.readline() == b"bread\n"
    writer.close()
    server.close()
