"""A helper returns the connection, and its `async with` gives it back on the way out."""

# name: connection
import os

import asyncpg
import pytest
import pytest_asyncio


@pytest_asyncio.fixture
async def pool():
    async with asyncpg.create_pool(os.environ["POSTGRES_URL"], min_size=1, max_size=2) as pool:
        yield pool


async def lend(pool):
    async with pool.acquire() as connection:  # LC604
        return connection


@pytest.mark.asyncio
async def test_rooms(pool):
    connection = await lend(pool)
    assert await connection.fetchval("select 4") == 4
