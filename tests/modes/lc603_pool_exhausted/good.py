"""Every connection is taken with `async with`, on pools of one."""

import asyncio
import os

import asyncpg
import pytest
import pytest_asyncio
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine


@pytest_asyncio.fixture
async def engine(tmp_path):
    url = f"sqlite+aiosqlite:///{tmp_path}/shop.db"
    engine = create_async_engine(url, pool_size=1, max_overflow=0, pool_timeout=5)
    yield engine
    await engine.dispose()


@pytest.mark.asyncio
async def test_sessions(engine):
    for n in range(3):
        async with AsyncSession(engine) as session:
            assert await session.scalar(text(f"select {n}")) == n


@pytest.mark.asyncio
async def test_pool():
    async with asyncpg.create_pool(os.environ["POSTGRES_URL"], min_size=1, max_size=1) as pool:
        found = await asyncio.gather(*(pool.fetchval("select $1::int", n) for n in range(20)))
        assert found == list(range(20))
