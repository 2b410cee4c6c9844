"""Tests that end early, a destructor of one's own, and a program that runs in a test."""

import asyncio
import os

import pytest
import valkey.asyncio as valkey

pytestmark = pytest.mark.asyncio
URL = os.environ["VALKEY_URL"]


class Line:
    async def open(self, port):
        self.reader, self.writer = await asyncio.open_connection("127.0.0.1", port)

    def __del__(self):
        self.writer.close()


async def test_own_destructor():
    server = await asyncio.start_server(lambda reader, writer: writer.close(), "127.0.0.1", 0)
    async with server:
        line = Line()
        await line.open(server.sockets[0].getsockname()[1])
        assert await line.reader.read() == b""
        del line


async def test_skips_before_it_closes():
    client = valkey.from_url(URL)
    await client.ping()
    pytest.skip("not here")


async def test_fails_before_it_closes():
    client = valkey.from_url(URL)
    assert await client.dbsize() == -1
    await client.aclose()


async def test_pubsub_belongs_to_its_client():
    async with valkey.from_url(URL) as client:
        listener = client.pubsub()
        await listener.subscribe("news")


def test_a_program_of_its_own():
    async def main():
        return await valkey.from_url(URL).ping()

    assert asyncio.run(main())
