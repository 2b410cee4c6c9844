"""The test gives up after a moment; the server that it asks stands still on the module's loop."""

# name: port
import asyncio

import pytest
import pytest_asyncio


async def shout(reader, writer):
    writer.write((await reader.readline()).upper())
    writer.close()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def port():  # LC106
    async with await asyncio.start_server(shout, "127.0.0.1", 0) as server:
        yield server.sockets[0].getsockname()[1]


@pytest.mark.asyncio
async def test_it_shouts(port):
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(b"six\n")
    async with asyncio.timeout(0.3):
        assert await reader.readline() == b"SIX\n"
