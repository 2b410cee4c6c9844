"""A pool of one connection, and the test asks for a second one while it has the first."""

# options: --loopcheck-hang=1
# name: connection | pool

import os

import asyncpg
import pytest
import pytest_asyncio


@pytest_asyncio.fixture
async def pool():
    async with asyncpg.create_pool(os.environ["POSTGRES_URL"], min_size=1, max_size=1) as pool:
        yield pool


async def one(pool):
    async with pool.acquire() as connection:
        return await connection.fetchval("select 1")


@pytest.mark.asyncio
async def test_both(pool):
    async with pool.acquire() as connection:
        assert await connection.fetchval("select 1") == await one(pool)  # LC603
