"""The call that opens the block is sync; only what is awaited inside is async."""

from unittest.mock import AsyncMock, MagicMock

import asyncpg
import pytest


async def fetch_name(pool):
    async with pool.acquire() as conn, conn.transaction():
        return await conn.fetchval("select name …")


@pytest.mark.asyncio
async def test_by_hand():
    conn, pool = MagicMock(fetchval=AsyncMock(return_value="ada")), MagicMock()
    pool.acquire.return_value.__aenter__.return_value = conn
    assert await fetch_name(pool) == "ada"


@pytest.mark.asyncio
async def test_by_spec():
    conn, pool = AsyncMock(spec=asyncpg.Connection), AsyncMock(spec=asyncpg.Pool)
    conn.fetchval.return_value = "ada"
    pool.acquire.return_value.__aenter__.return_value = conn
    assert await fetch_name(pool) == "ada"
