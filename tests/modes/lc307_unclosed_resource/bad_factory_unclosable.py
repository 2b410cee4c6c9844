"""A function connects and returns an object that cannot close it: its caller has to."""

# name: line

import asyncio

import pytest
import pytest_asyncio


class Line:
    def __init__(self, reader, writer):
        self.reader, self.writer = reader, writer


async def dial(port):
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    return Line(reader, writer=writer)


@pytest_asyncio.fixture
async def port():
    server = await asyncio.start_server(lambda _, writer: writer.close(), "127.0.0.1", 0)
    yield server.sockets[0].getsockname()[1]
    server.close()


@pytest.mark.asyncio
async def test_it_rings(port):
    line = await dial(port)  # LC307
    assert line.writer is not None
