"""Warnings are errors: the test fails for the connection that its helper leaves open."""

# name: writer
import asyncio

import pytest
import pytest_asyncio
from echo import ask


@pytest_asyncio.fixture
async def port():
    async def answer(reader, writer):
        writer.write((await reader.readline()).upper())
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    yield server.sockets[0].getsockname()[1]
    server.close()


@pytest.mark.asyncio
async def test_it_answers(port):
    assert await ask(port, "tea") == "TEA"
