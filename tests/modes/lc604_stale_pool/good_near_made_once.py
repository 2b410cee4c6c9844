"""What is stopped is forgotten: another pool is made, and the failure is a plain one."""

import os

import asyncpg
import pytest
import pytest_asyncio


class Db:
    _pool = None

    def __init__(self, url):
        self.url = url

    async def start(self):
        if Db._pool is None:
            Db._pool = await asyncpg.create_pool(self.url, min_size=1, max_size=2)

    async def stop(self):
        await Db._pool.close()
        Db._pool = None

    async def one(self):
        return await Db._pool.fetchval("select 1")


@pytest_asyncio.fixture
async def db():
    db = Db(os.environ["POSTGRES_URL"])
    await db.start()
    yield db
    await db.stop()


@pytest.mark.asyncio
async def test_first(db):
    assert await db.one() == 1


@pytest.mark.asyncio
async def test_second(db):  # fails
    assert await db.one() == 2
