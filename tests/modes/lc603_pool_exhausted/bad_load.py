"""Each task asks for a second connection while it has its first: together they have them all."""

# name: connection
import asyncio
import os

import asyncpg
import pytest
import pytest_asyncio


@pytest_asyncio.fixture
async def pool():
    pool = await asyncpg.create_pool(os.environ["POSTGRES_URL"], min_size=2, max_size=2)
    yield pool
    pool.terminate()


async def total(pool, n):
    async with pool.acquire() as connection:  # LC603
        await connection.execute("select pg_sleep(0.05)")
        return await pool.fetchval("select $1::int", n)


@pytest.mark.asyncio
async def test_totals(pool):
    async with asyncio.timeout(1):
        assert await asyncio.gather(*(total(pool, n) for n in range(3))) == [0, 1, 2]
