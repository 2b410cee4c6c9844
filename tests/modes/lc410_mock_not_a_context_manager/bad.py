"""asyncpg's `acquire` is a plain call: what it returns is entered."""

from unittest.mock import AsyncMock

import pytest


async def fetch_name(pool):
    async with pool.acquire() as conn:
        return await conn.fetchval("select name …")


# name: pool.acquire
@pytest.mark.asyncio
async def test_fetch_name():
    pool = AsyncMock()  # LC410
    pool.acquire.return_value.__aenter__.return_value.fetchval.return_value = "ada"
    assert await fetch_name(pool) == "ada"
