"""A temporary table is made on one connection of a pool, and asked for on another."""

# name: staged
import os

import asyncpg
import pytest
import pytest_asyncio


@pytest_asyncio.fixture
async def pool():
    async with asyncpg.create_pool(os.environ["POSTGRES_URL"], min_size=2, max_size=2) as pool:
        yield pool


async def stage(pool):
    await pool.execute("create temporary table staged (level int)")  # LC601


@pytest.mark.asyncio
async def test_levels_are_staged(pool):
    await stage(pool)
    async with pool.acquire(), pool.acquire() as connection:
        await connection.execute("insert into staged values (3)")
