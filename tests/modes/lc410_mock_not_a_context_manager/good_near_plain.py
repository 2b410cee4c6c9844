"""A double opens the block, and what fails is something else."""

from unittest.mock import AsyncMock, MagicMock

import pytest


class Session:
    """No context manager, and no double."""


async def count(pool):
    async with pool.acquire() as conn:
        return await conn.fetchval("select count(*) …")


async def wrong():
    async with Session():
        return 1


@pytest.mark.asyncio
async def test_count():
    pool = MagicMock()
    pool.acquire.return_value.__aenter__.return_value.fetchval = AsyncMock(return_value=3)
    assert await count(pool) == 4


@pytest.mark.asyncio
async def test_refused():
    pool = MagicMock()
    pool.acquire.return_value.__aenter__.side_effect = TypeError("no connection")
    await count(pool)


@pytest.mark.asyncio
async def test_wrong():
    await wrong()
