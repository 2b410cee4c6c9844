"""A session for each task, from one maker; a pool that is shared."""

import asyncio
import os

import asyncpg
import pytest
import pytest_asyncio
from sqlalchemy import text
from sqlalchemy.ext.asyncio import async_sessionmaker, create_async_engine


@pytest_asyncio.fixture
async def make_session():
    url = os.environ["POSTGRES_URL"].replace("postgresql:", "postgresql+asyncpg:")
    engine = create_async_engine(url)
    yield async_sessionmaker(engine)
    await engine.dispose()


@pytest.mark.asyncio
async def test_a_session_for_each(make_session):
    async def one(n):
        async with make_session() as session:
            return await session.scalar(text(f"select {n}"))

    assert await asyncio.gather(one(1), one(2)) == [1, 2]


@pytest.mark.asyncio
async def test_pool():
    async with asyncpg.create_pool(os.environ["POSTGRES_URL"], min_size=1, max_size=2) as pool:
        assert await asyncio.gather(pool.fetchval("select 1"), pool.fetchval("select 2")) == [1, 2]
