"""An earlier test keeps the only connection of the module's pool; the limit has no words."""

# name: connection
import os

import asyncpg
import pytest
import pytest_asyncio

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def pool():
    pool = await asyncpg.create_pool(os.environ["POSTGRES_URL"], min_size=1, max_size=1)
    yield pool
    pool.terminate()


async def test_stock(pool):
    connection = await pool.acquire()  # LC603
    assert await connection.fetchval("select 3") == 3


async def test_price(pool):
    async with pool.acquire(timeout=0.3) as connection:
        assert await connection.fetchval("select 7") == 7
