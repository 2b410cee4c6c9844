"""Taken under a limit and given back; what takes too long is the query, or the whole crowd."""

import asyncio
import os

import asyncpg
import pytest
import pytest_asyncio


@pytest_asyncio.fixture
async def pool():
    pool = await asyncpg.create_pool(os.environ["POSTGRES_URL"], min_size=1, max_size=2)
    yield pool
    pool.terminate()


async def take(pool):
    return await asyncio.wait_for(pool.acquire(), 0.5)


async def run(pool, sql):
    connection = await take(pool)
    try:
        return await asyncio.wait_for(connection.fetchval(sql), 0.3)
    finally:
        await pool.release(connection)


@pytest.mark.asyncio
async def test_no_answer(pool):  # fails
    assert [await run(pool, "select 1") for _ in range(4)] == [1, 1, 1, 1]
    await run(pool, "select pg_sleep(5)")


@pytest.mark.asyncio
async def test_a_crowd_at_work(pool):  # fails: two hold theirs for 0.8 s, and give them back
    async def slow():
        connection = await take(pool)
        try:
            await connection.execute("select pg_sleep(0.8)")
        finally:
            await pool.release(connection)

    await asyncio.gather(*(slow() for _ in range(4)))
