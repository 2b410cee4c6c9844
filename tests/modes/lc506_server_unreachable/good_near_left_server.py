"""The fixture yields inside the block; that a returned port is dead is what a test expects."""

import asyncio

import pytest
import pytest_asyncio

pytestmark = pytest.mark.asyncio


@pytest_asyncio.fixture
async def port():
    async with await asyncio.start_server(lambda _, w: w.close(), "127.0.0.1", 0) as server:
        yield server.sockets[0].getsockname()[1]


@pytest_asyncio.fixture
async def dead_port():
    async with await asyncio.start_server(lambda _, w: w.close(), "127.0.0.1", 0) as server:
        return server.sockets[0].getsockname()[1]


async def test_it_answers(port):
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    assert await reader.read() == b""
    writer.close()


async def test_a_dead_port(dead_port):
    with pytest.raises(OSError, match="refused"):
        await asyncio.open_connection("127.0.0.1", dead_port)
