"""One connection of a pool is lent to all: it was meant to be one for each."""

# name: connection
import asyncio
import os

import asyncpg
import pytest


async def insert(connection, n):
    async with connection.transaction():
        await connection.execute("select $1::int", n)


@pytest.mark.asyncio
async def test_inserts():
    async with asyncpg.create_pool(os.environ["POSTGRES_URL"], min_size=1, max_size=4) as pool:
        async with pool.acquire() as connection:  # LC606
            await asyncio.gather(*(insert(connection, n) for n in range(4)))
