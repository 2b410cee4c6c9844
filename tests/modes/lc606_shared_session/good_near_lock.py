"""One connection and a lock; a refusal that is expected; and failures that are something else."""

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


@pytest.mark.asyncio
async def test_one_after_the_other(connection):
    lock = asyncio.Lock()

    async def one(n):
        async with lock:
            return await connection.fetchval("select $1::int", n)

    assert await asyncio.gather(one(1), one(2)) == [1, 2]


@pytest.mark.asyncio
async def test_a_refusal_is_expected(connection):
    first = asyncio.create_task(connection.fetchval("select pg_sleep(0.1)"))
    await asyncio.sleep(0)
    with pytest.raises(asyncpg.InterfaceError):
        await connection.fetchval("select 1")
    await first
    assert await connection.fetchval("select 1") == 2


@pytest.mark.asyncio
async def test_after_a_cancelled_query(connection):
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(connection.fetchval("select pg_sleep(5)"), 0.05)
    assert await connection.fetchval("select 1") == 1


@pytest.mark.asyncio
async def test_own_words():
    raise asyncpg.InterfaceError("cannot perform operation: another operation is in progress")
