"""A fixture closes its server and returns the port; another one returns out of the block."""
# name: asyncio.open_connection
# findings: 2

import asyncio

import pytest
import pytest_asyncio

pytestmark = pytest.mark.asyncio


async def greet(reader, writer):
    writer.write(b"hello\n")
    writer.close()


@pytest_asyncio.fixture
async def port():
    hub = await asyncio.start_server(greet, "127.0.0.1", 0)
    number = hub.sockets[0].getsockname()[1]
    hub.close()  # LC506
    return number


@pytest_asyncio.fixture
async def other_port():
    async with await asyncio.start_server(greet, "127.0.0.1", 0) as hub:  # LC506
        return hub.sockets[0].getsockname()[1]


async def test_a_greeting(port):
    reader, _ = await asyncio.open_connection("127.0.0.1", port)
    assert await reader.readline() == b"hello\n"


async def test_another(other_port):
    reader, _ = await asyncio.open_connection("127.0.0.1", other_port)
    assert await reader.readline() == b"hello\n"
