"""The server has its port, and nobody told it to listen."""

import asyncio

import pytest
import pytest_asyncio


@pytest_asyncio.fixture
async def hub():
    async def greet(reader, writer):
        writer.write(b"hello\n")
        writer.close()

    hub = await asyncio.start_server(greet, "127.0.0.1", 0, start_serving=False)  # LC506
    yield hub
    hub.close()


# name: asyncio.open_connection
@pytest.mark.asyncio
async def test_greeting(hub):
    host, port = hub.sockets[0].getsockname()
    reader, writer = await asyncio.open_connection(host, port)
    assert await reader.readline() == b"hello\n"
    writer.close()
