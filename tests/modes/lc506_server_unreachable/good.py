"""The test brings its server, and asks it while it is there."""

import asyncio
import os

import pytest
import pytest_asyncio
import valkey.asyncio as valkey


@pytest_asyncio.fixture
async def store():
    async with valkey.from_url(os.environ["VALKEY_URL"]) as client:
        yield client


@pytest.mark.asyncio
async def test_stock(store):
    await store.hset("stock", "apples", 3)
    assert await store.hget("stock", "apples") == b"3"


@pytest.mark.asyncio
async def test_pong():
    async def answer(reader, writer):
        writer.write(b"pong\n")
        writer.close()

    async with await asyncio.start_server(answer, "127.0.0.1", 0) as server:
        reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
        assert await reader.readline() == b"pong\n"
        writer.close()
