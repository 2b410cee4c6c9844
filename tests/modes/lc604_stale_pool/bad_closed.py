"""A test closes the pool that all tests of the module share."""

# name: pool
import os

import asyncpg
import pytest
import pytest_asyncio

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def pool():
    async with asyncpg.create_pool(os.environ["POSTGRES_URL"], min_size=1, max_size=2) as pool:
        yield pool


async def shutdown(pool):
    await pool.close()  # LC604


async def test_shutdown(pool):
    await shutdown(pool)
    assert pool.get_size() == 0


async def test_invoice(pool):
    assert await pool.fetchval("select 5") == 5
