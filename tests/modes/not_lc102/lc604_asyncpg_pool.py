"""LC604: a pool that outlived its loop says "another operation is in progress"."""

import os

import asyncpg
import pytest

kept = {}


@pytest.mark.asyncio
async def test_pool_is_made():
    kept["pool"] = await asyncpg.create_pool(os.environ["POSTGRES_URL"], min_size=1, max_size=1)
    assert await kept["pool"].fetchval("select 1") == 1


@pytest.mark.asyncio
async def test_pool_is_used_again():  # InterfaceError, its context: a different loop
    assert await kept["pool"].fetchval("select 2") == 2
