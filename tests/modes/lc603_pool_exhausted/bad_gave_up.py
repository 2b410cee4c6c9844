"""The service asks three times, gives up outside its `except`, and only its list knows why."""

# name: connection
import os

import asyncpg
import pytest
import pytest_asyncio

pytestmark = pytest.mark.asyncio(loop_scope="module")


class NoAnswer(Exception):
    pass


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def pool():
    pool = await asyncpg.create_pool(os.environ["POSTGRES_URL"], min_size=1, max_size=1)
    yield pool
    pool.terminate()


async def price(pool, attempts=3):
    errors = []
    for _ in range(attempts):
        try:
            async with pool.acquire(timeout=0.1) as connection:
                return await connection.fetchval("select 7")
        except TimeoutError as error:
            errors.append(error)
    raise NoAnswer(f"{len(errors)} attempts")


async def test_stock(pool):
    connection = await pool.acquire()  # LC603
    assert await connection.fetchval("select 3") == 3


async def test_price(pool):
    assert await price(pool) == 7
