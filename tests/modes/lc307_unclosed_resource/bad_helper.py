"""A helper connects and hands the connection out: who asked for it is to close it."""

import os

import asyncpg
import pytest

pytestmark = pytest.mark.asyncio


async def connected():
    connection = await asyncpg.connect(os.environ["POSTGRES_URL"])
    await connection.execute("set statement_timeout = 1000")
    return connection


# name: db
async def test_rows():
    db = await connected()  # LC307
    statement = await db.prepare("select 1")
    assert await statement.fetchval() == 1
