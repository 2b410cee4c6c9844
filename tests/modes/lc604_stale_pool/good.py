"""A pool for each test, closed by its fixture."""

import os

import asyncpg
import pytest
import pytest_asyncio


@pytest_asyncio.fixture
async def pool():
    async with asyncpg.create_pool(os.environ["POSTGRES_URL"], min_size=1, max_size=1) as pool:
        yield pool


@pytest.mark.asyncio
@pytest.mark.parametrize("order", [1, 2, 3])
async def test_order(pool, order):
    assert await pool.fetchval("select $1::int", order) == order
