"""What the pool lends gets no name, and the pool has more: what takes too long is another thing."""

import asyncio
import os

import asyncpg
import pytest
import pytest_asyncio


@pytest_asyncio.fixture
async def pool():
    pool = await asyncpg.create_pool(os.environ["POSTGRES_URL"], min_size=1, max_size=3)
    yield pool
    pool.terminate()


@pytest.mark.asyncio
async def test_no_answer(pool):
    for _ in range(2):
        await pool.acquire()
    async with asyncio.timeout(0.1):
        await pool.fetchval("select pg_sleep(5)")
