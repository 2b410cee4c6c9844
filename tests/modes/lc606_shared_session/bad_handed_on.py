"""One connection of a pool is handed to all; the error is raised when it is back in the pool."""

# name: connection
import asyncio
import os

import asyncpg
import pytest


async def insert(connection, n):
    async with connection.transaction():
        await connection.execute("select $1::int", n)


async def insert_all(numbers):
    async with asyncpg.create_pool(os.environ["POSTGRES_URL"], min_size=1, max_size=4) as pool:
        async with pool.acquire() as connection:  # LC606
            inserts = [insert(connection, n) for n in numbers]
            done = await asyncio.gather(*inserts, return_exceptions=True)
    for one in done:
        if isinstance(one, Exception):
            raise one


@pytest.mark.asyncio
async def test_inserts():
    await insert_all(range(4))
