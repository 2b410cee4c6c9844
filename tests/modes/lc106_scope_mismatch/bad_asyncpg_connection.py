"""One connection for the module: the first test names a loop, the second does not."""

# name: connection
import os

import asyncpg
import pytest
import pytest_asyncio


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def connection():  # LC106
    connection = await asyncpg.connect(os.environ["POSTGRES_URL"])
    yield connection
    await connection.close()


@pytest.mark.asyncio
async def test_one(connection):
    assert await connection.fetchval("select 1") == 1


@pytest.mark.asyncio
async def test_two(connection):
    assert await connection.fetchval("select 2") == 2
