"""Each row has a connection of its own, and the server has a limit."""

# name: connection
import os

import asyncpg
import pytest
import pytest_asyncio


@pytest_asyncio.fixture
async def rows():
    kept = []
    yield kept
    for connection in kept:
        connection.terminate()


async def read(n, rows):
    connection = await asyncpg.connect(os.environ["POSTGRES_URL"])  # LC603
    rows.append(connection)
    return await connection.fetchval("select $1::int", n)


@pytest.mark.asyncio
async def test_rows(rows):
    for n in range(130):
        assert await read(n, rows) == n
