"""Both ends of a connection wait for the other: the server for the end of a line, the test too."""
# name: reader | lines | client.reader
# findings: 2

import asyncio

import pytest

pytestmark = pytest.mark.asyncio


async def shout(reader, writer):
    writer.write((await reader.readline()).upper())


class Client:
    async def connect(self, server):
        address = server.sockets[0].getsockname()
        self.reader, self.writer = await asyncio.open_connection(*address)


async def test_hello():
    server = await asyncio.start_server(shout, "127.0.0.1", 0)
    try:
        reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
        writer.write(b"hello")
        assert await asyncio.wait_for(reader.readline(), 0.2) == b"HELLO\n"  # LC203
    finally:
        server.close()


async def test_a_client():
    client = Client()
    server = await asyncio.start_server(shout, "127.0.0.1", 0)
    try:
        await client.connect(server)
        async with asyncio.timeout(0.2):
            assert await client.reader.read(5) == b"HELLO"  # LC203
    finally:
        server.close()
