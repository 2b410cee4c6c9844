"""The pool is mended, and the connection is the next."""

import asyncio
from unittest.mock import AsyncMock, MagicMock

import pytest


class Ledger:
    def __init__(self, pool):
        self._pool = pool

    async def book(self, amount):
        async with asyncio.timeout(5), self._pool.acquire() as conn, conn.transaction():
            await conn.execute("insert …", amount)


@pytest.fixture
def connection():
    return AsyncMock()  # LC410


@pytest.fixture
def pool(connection):
    pool = MagicMock()
    pool.acquire.return_value.__aenter__.return_value = connection
    return pool


# name: connection.transaction
@pytest.mark.asyncio
async def test_book(pool, connection):
    await Ledger(pool).book(3)
    connection.execute.assert_awaited_once()
