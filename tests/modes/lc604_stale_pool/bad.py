"""A pool for the whole module, made by whoever comes first: three tests, three faces."""

# name: db.pool
import asyncio
import os

import asyncpg
import pytest

URL = os.environ["POSTGRES_URL"]


class Database:
    pool = None

    async def fetchval(self, query):
        if self.pool is None:
            self.pool = await asyncpg.create_pool(
                os.environ["POSTGRES_URL"], min_size=1, max_size=1
            )
        return await self.pool.fetchval(query)


db = Database()  # LC604


@pytest.mark.asyncio
async def test_stock():
    assert await db.fetchval("select 3") == 3


@pytest.mark.asyncio
async def test_price():  # another operation is in progress
    assert await db.fetchval("select 7") == 7


@pytest.mark.asyncio
async def test_total():  # for ever, without the limit
    assert await asyncio.wait_for(db.fetchval("select 21"), 0.5) == 21
