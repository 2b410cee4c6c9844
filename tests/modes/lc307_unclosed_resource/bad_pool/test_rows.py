"""A pool of a module's fixture: its connections stay open until the module's loop is closed."""

import os

import asyncpg
import pytest
import pytest_asyncio

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def pool():  # LC307
    return await asyncpg.create_pool(os.environ["POSTGRES_URL"], min_size=2, max_size=2)


# name: pool
async def test_one(pool):
    assert await pool.fetchval("select 1") == 1


async def test_two(pool):
    async with pool.acquire() as connection:
        assert await connection.fetchval("select 2") == 2
