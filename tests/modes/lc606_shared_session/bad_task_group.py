"""What the group runs are the driver's own coroutines: no line of the user's is in them."""

# name: connection
import asyncio
import os

import asyncpg
import pytest
import pytest_asyncio


@pytest_asyncio.fixture
async def connection():
    connection = await asyncpg.connect(os.environ["POSTGRES_URL"])
    yield connection
    await connection.close()


async def lengths(connection, words):
    async with asyncio.TaskGroup() as group:  # LC606
        for word in words:
            group.create_task(connection.fetchval("select length($1)", word))


@pytest.mark.asyncio
async def test_lengths(connection):
    await lengths(connection, ["a", "bb"])
