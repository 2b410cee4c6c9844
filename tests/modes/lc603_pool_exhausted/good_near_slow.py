"""Limits that run out while connections are at work, and ends that are expected."""

import asyncio
import os

import asyncpg
import pytest
import pytest_asyncio
from sqlalchemy import text
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.ext.asyncio import create_async_engine


@pytest_asyncio.fixture
async def pool():
    async with asyncpg.create_pool(os.environ["POSTGRES_URL"], min_size=1, max_size=1) as pool:
        yield pool


async def slow(pool):
    async with pool.acquire() as connection:
        await connection.execute("select pg_sleep(0.4)")


@pytest.mark.asyncio
async def test_a_query_is_slow(pool):
    async with asyncio.timeout(0.1):
        await slow(pool)


@pytest.mark.asyncio
async def test_the_other_is_slow(pool):
    first = asyncio.create_task(slow(pool))
    await asyncio.sleep(0.05)
    try:
        async with asyncio.timeout(0.1):
            await pool.fetchval("select 1")
    finally:
        await first


@pytest.mark.asyncio
async def test_a_full_pool_is_expected(tmp_path):
    url = f"sqlite+aiosqlite:///{tmp_path}/shop.db"
    engine = create_async_engine(url, pool_size=1, max_overflow=0, pool_timeout=0.1)
    async with engine.connect() as first:
        with pytest.raises(PoolTimeoutError):
            await engine.connect()
        assert await first.scalar(text("select 1")) == 2
    await engine.dispose()


@pytest.mark.asyncio
async def test_all_are_slow(pool):
    async with asyncio.timeout(0.1):
        await asyncio.gather(*(slow(pool) for _ in range(3)))
