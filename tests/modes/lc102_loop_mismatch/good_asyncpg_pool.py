"""A pool for each test, closed on the loop it was made on."""

import os

import asyncpg
import pytest
import pytest_asyncio


@pytest_asyncio.fixture
async def pool():
    async with asyncpg.create_pool(os.environ["POSTGRES_URL"], min_size=1, max_size=2) as pool:
        yield pool


@pytest.mark.asyncio
@pytest.mark.parametrize("invoices", [1, 2])
async def test_invoices(pool, invoices):
    assert await pool.fetchval("select $1::int", invoices) == invoices
