import asyncpg
import pytest


# name: asyncpg.connect
@pytest.mark.asyncio
async def test_orders(dsn):
    connection = await asyncpg.connect(dsn)
    assert await connection.fetchval("select 1") == 1
