"""A lazy pool: it says "another operation is in progress", though nothing is."""

# name: db.pool
import os

import asyncpg
import pytest


class Database:
    pool = None

    async def fetchval(self, query):
        if self.pool is None:
            self.pool = await asyncpg.create_pool(os.environ["POSTGRES_URL"], min_size=1)
        return await self.pool.fetchval(query)


db = Database()  # LC102


@pytest.mark.asyncio(loop_scope="session")
async def test_one_invoice():
    assert await db.fetchval("select 1") == 1


@pytest.mark.asyncio
async def test_two_invoices():
    assert await db.fetchval("select 2") == 2
