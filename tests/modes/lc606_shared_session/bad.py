"""Two queries at once on one connection: the words are those of a second loop, too."""

# name: connection
import asyncio
import os

import asyncpg
import pytest
import pytest_asyncio


@pytest_asyncio.fixture
async def connection():  # LC606
    connection = await asyncpg.connect(os.environ["POSTGRES_URL"])
    yield connection
    await connection.close()


async def count(connection, n):
    return await connection.fetchval("select $1::int", n)


@pytest.mark.asyncio
async def test_gathered(connection):
    assert await asyncio.gather(count(connection, 1), count(connection, 2)) == [1, 2]  # LC606


@pytest.mark.asyncio
async def test_beside_a_background_task(connection):
    slow = asyncio.create_task(connection.fetchval("select pg_sleep(0.2)"))
    await asyncio.sleep(0)
    try:
        await count(connection, 3)
    finally:
        await asyncio.wait([slow])


# findings: 2
