"""The fixture waits for a server that says nothing, within the same loop."""

# options: --loopcheck-hang=1
# name: reader

import asyncio

import pytest
import pytest_asyncio


@pytest_asyncio.fixture
async def greeting():
    async def silent(reader, writer):
        await reader.readline()

    async with await asyncio.start_server(silent, "127.0.0.1", 0) as server:
        reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
        yield await reader.readline()  # LC203
        writer.close()


@pytest.mark.asyncio
async def test_it_greets(greeting):
    assert greeting == b"hello\n"
