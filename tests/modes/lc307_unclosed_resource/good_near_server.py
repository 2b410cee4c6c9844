"""Servers, their side of a connection, children, and what is closed without waiting for it."""

import asyncio
import sys

import pytest
import pytest_asyncio

pytestmark = pytest.mark.asyncio


async def answer(reader, writer):
    writer.write(await reader.readline())
    await writer.drain()


@pytest_asyncio.fixture
async def port():
    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    yield server.sockets[0].getsockname()[1]
    server.close()


async def test_echo(port):
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(b"hello\n")
    assert await reader.readline() == b"hello\n"
    writer.close()


async def test_child():
    pipe = asyncio.subprocess.PIPE
    child = await asyncio.create_subprocess_exec(sys.executable, "-c", "", stdin=pipe, stdout=pipe)
    assert await child.wait() == 0
