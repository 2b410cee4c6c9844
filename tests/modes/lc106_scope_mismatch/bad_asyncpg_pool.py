"""A pool on the session's loop: asyncpg calls the other loop "another operation"."""

# name: pool
import os

import asyncpg
import pytest
import pytest_asyncio


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def pool():  # LC106
    async with asyncpg.create_pool(os.environ["POSTGRES_URL"], min_size=1, max_size=2) as pool:
        yield pool


@pytest.mark.asyncio
async def test_one(pool):
    assert await pool.fetchval("select 1") == 1


@pytest.mark.asyncio
async def test_two(pool):
    assert await pool.fetchval("select 2") == 2
