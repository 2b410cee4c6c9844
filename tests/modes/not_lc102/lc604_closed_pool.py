"""LC604: a pool used after its own close(), on its own loop."""

import os

import asyncpg
import pytest


@pytest.mark.asyncio
async def test_closed_pool_is_used():
    pool = await asyncpg.create_pool(os.environ["POSTGRES_URL"], min_size=1, max_size=1)
    await pool.close()
    await pool.fetchval("select 1")


@pytest.mark.asyncio
async def test_released_connection_is_used():
    async with asyncpg.create_pool(os.environ["POSTGRES_URL"], min_size=1, max_size=1) as pool:
        async with pool.acquire() as connection:
            pass
        await connection.fetchval("select 1")
