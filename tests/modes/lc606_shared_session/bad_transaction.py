"""A transaction's connection, lent by a wide pool, is used by two tasks: it is not the pool."""

# name: tx
import asyncio
import os

import asyncpg
import pytest
import pytest_asyncio

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def pool():
    async with asyncpg.create_pool(os.environ["POSTGRES_URL"], min_size=1, max_size=2) as pool:
        yield pool


@pytest_asyncio.fixture(loop_scope="module")
async def tx(pool):  # LC606
    async with pool.acquire() as connection:
        transaction = connection.transaction()
        await transaction.start()
        yield connection
        await transaction.rollback()


async def test_sum(tx):
    both = tx.execute("select 1"), tx.execute("select 2")
    for found in await asyncio.gather(*both, return_exceptions=True):
        if isinstance(found, Exception):
            raise found
