"""The right server that behaves badly is not the wrong one."""

import asyncio

import httpx
import pytest
import pytest_asyncio
from valkey.asyncio import Valkey


@pytest_asyncio.fixture
async def rude():
    async def hang_up(reader, writer):
        await reader.read(10)
        writer.close()

    async with await asyncio.start_server(hang_up, "127.0.0.1", 0) as server:
        yield server.sockets[0].getsockname()[1]


@pytest.mark.asyncio
async def test_http(rude):  # fails
    async with httpx.AsyncClient() as client:
        await client.get(f"http://127.0.0.1:{rude}/")


@pytest.mark.asyncio
async def test_store(rude):  # fails
    async with Valkey(port=rude) as client:
        await client.ping()
