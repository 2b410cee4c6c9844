"""The server ends the connection that the application keeps: its database is thrown away."""

# name: connection
import os

import asyncpg
import pytest
import pytest_asyncio


@pytest_asyncio.fixture
async def admin():
    connection = await asyncpg.connect(os.environ["POSTGRES_URL"])
    yield connection
    await connection.close()


@pytest_asyncio.fixture
async def connection():  # LC604
    connection = await asyncpg.connect(os.environ["POSTGRES_URL"])
    yield connection
    await connection.close()


@pytest.mark.asyncio
async def test_report(connection, admin):
    await admin.execute("select pg_terminate_backend($1)", connection.get_server_pid())
    assert await connection.fetchval("select 1") == 1
