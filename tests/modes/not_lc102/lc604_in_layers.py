"""LC604: the pool that outlived its loop is deep in a repository, or known to a factory only."""

import functools
import os

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import async_sessionmaker, create_async_engine

URL = os.environ["POSTGRES_URL"].replace("postgresql:", "postgresql+asyncpg:")


@functools.lru_cache
def make_session():
    return async_sessionmaker(create_async_engine(URL))


class Repo:
    def __init__(self):
        self._engine = create_async_engine(URL)

    async def one(self):
        async with self._engine.connect() as connection:
            return await connection.scalar(text("select 1"))


repo = Repo()


@pytest.mark.asyncio
@pytest.mark.parametrize("day", ["monday", "tuesday"])
async def test_repository(day):
    assert await repo.one() == 1


@pytest.mark.asyncio
@pytest.mark.parametrize("day", ["monday", "tuesday"])
async def test_factory(day):
    async with make_session()() as session:
        assert await session.scalar(text("select 1")) == 1
