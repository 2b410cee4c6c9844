"""A server's own handlers end when the other side hangs up, a turn after the test's last line."""

import asyncio

import pytest


async def echo(reader, writer):
    while line := await reader.readline():
        writer.write(line)
    writer.close()


@pytest.mark.asyncio
async def test_echo():
    server = await asyncio.start_server(echo, "127.0.0.1", 0)
    reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
    writer.write(b"bread\n")
    assert await reader.readline() == b"bread\n"
    writer.close()
    server.close()
