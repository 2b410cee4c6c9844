"""LC604: a connection lent by a pool whose loop is closed."""

import os

import asyncpg
import pytest


class Database:
    pool = None

    async def connect(self):
        self.pool = await asyncpg.create_pool(os.environ["POSTGRES_URL"], min_size=1, max_size=1)


@pytest.fixture(scope="module")
def database():
    return Database()


@pytest.mark.asyncio
async def test_database_is_connected(database):
    await database.connect()
    assert await database.pool.fetchval("select 1") == 1


@pytest.mark.asyncio
async def test_row_is_read(database):
    async with database.pool.acquire() as connection, connection.transaction():
        assert await connection.fetchval("select 2") == 2
