"""One fixture makes the address, and asks who is there."""

import os

import asyncpg
import pytest
import pytest_asyncio
import valkey.asyncio as valkey


@pytest_asyncio.fixture
async def connection():
    connection = await asyncpg.connect(os.environ["POSTGRES_URL"], timeout=5)
    assert await connection.fetchval("select current_database()") == "postgres"
    yield connection
    await connection.close()


@pytest.mark.asyncio
async def test_one(connection):
    assert await connection.fetchval("select 1") == 1


@pytest.mark.asyncio
async def test_store():
    async with valkey.from_url(os.environ["VALKEY_URL"]) as client:
        assert (await client.info("server"))["tcp_port"]
