"""LC606: two tasks of one loop share a connection, with the words that a second loop also says."""

import asyncio
import os

import asyncpg
import pytest
import pytest_asyncio


@pytest_asyncio.fixture
async def connection():
    connection = await asyncpg.connect(os.environ["POSTGRES_URL"])
    yield connection
    await connection.close()


@pytest.mark.asyncio
async def test_two_queries_at_once(connection):  # another operation is in progress
    await asyncio.gather(connection.fetchval("select 1"), connection.fetchval("select 2"))


@pytest.mark.asyncio
async def test_query_beside_a_background_task(connection):
    slow = asyncio.create_task(connection.fetchval("select pg_sleep(0.1)"))
    await asyncio.sleep(0.01)
    try:
        await connection.fetchval("select 1")
    finally:
        await asyncio.wait([slow])
