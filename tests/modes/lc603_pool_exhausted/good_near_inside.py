"""A helper gets the session that its caller holds, and another one opens its own afterwards."""

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


async def weight(session, kilos):
    return await session.scalar(text(f"select {kilos}"))


async def lighter(sessions, one, other):
    async with sessions() as session:
        first, second = await weight(session, one), await weight(session, other)
    async with sessions() as session:
        return min(first, second, await weight(session, 100))


@pytest.mark.asyncio
async def test_the_mouse(sessions):
    assert await lighter(sessions, 80, 5000) == 5000
