"""The server is there, and nobody made the database."""

import os

import asyncpg
import pytest
import pytest_asyncio

ADDRESS = os.environ["POSTGRES_URL"].rpartition("/")[0]
DATABASE = "bakery_test"  # LC605


@pytest_asyncio.fixture
async def connection():
    connection = await asyncpg.connect(f"{ADDRESS}/{DATABASE}")
    yield connection
    await connection.close()


# name: asyncpg.connect
@pytest.mark.asyncio
async def test_bread(connection):
    assert await connection.fetchval("select 1") == 1


@pytest.mark.asyncio
async def test_cake(connection):
    assert await connection.fetchval("select 2") == 2
