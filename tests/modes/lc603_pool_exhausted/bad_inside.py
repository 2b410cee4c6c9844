"""A swap holds its session, and a helper opens another one: the pool has one connection."""

# name: session

import pytest
import pytest_asyncio
from sqlalchemy import text
from sqlalchemy.ext.asyncio import async_sessionmaker, create_async_engine


@pytest_asyncio.fixture
async def sessions(tmp_path):
    url = f"sqlite+aiosqlite:///{tmp_path}/zoo.db"
    engine = create_async_engine(url, pool_size=1, max_overflow=0, pool_timeout=0.3)
    yield async_sessionmaker(engine)
    await engine.dispose()


async def weight(sessions, kilos):
    async with sessions() as session:
        return await session.scalar(text(f"select {kilos}"))


async def heavier(sessions, one, other):
    async with sessions() as session:
        first = await session.scalar(text(f"select {one}"))
        second = await weight(sessions, other)  # LC603
        return max(first, second)


@pytest.mark.asyncio
async def test_the_elephant(sessions):
    assert await heavier(sessions, 80, 5000) == 5000
