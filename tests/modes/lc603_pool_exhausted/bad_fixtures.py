"""Two fixtures take what the pool has, and the test asks for a third."""

# name: connection | writer | reader
# findings: 2
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


@pytest_asyncio.fixture
async def writer(pool):
    connection = await pool.acquire()  # LC603
    yield connection
    await pool.release(connection)


@pytest_asyncio.fixture
async def reader(pool):
    async with pool.acquire() as connection:  # LC603
        yield connection


@pytest.mark.asyncio
async def test_all(pool, writer, reader):
    assert await asyncio.wait_for(pool.fetchval("select 1"), 0.5) == 1


@pytest.mark.asyncio
async def test_held_by_itself(pool, writer):
    second = await pool.acquire()  # LC603
    assert await asyncio.wait_for(pool.fetchval("select 1"), 0.5) == 1
    await pool.release(second)
