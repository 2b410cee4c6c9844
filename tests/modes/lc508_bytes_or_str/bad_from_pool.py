"""A client of a pool: what it answers in is said where the pool is made."""

# name: shelf
import os

import pytest
import pytest_asyncio
from valkey.asyncio import ConnectionPool, Valkey


@pytest_asyncio.fixture
async def shelf():
    pool = ConnectionPool.from_url(os.environ["VALKEY_URL"])  # LC508
    async with Valkey.from_pool(pool) as client:  # LC508
        yield client


@pytest.mark.asyncio
async def test_a_label_is_read(shelf):
    await shelf.set("label", "pears")
    assert await shelf.get("label") == "pears"
