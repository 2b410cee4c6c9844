"""A context manager of one's own, which lends a session and never closes it."""

# name: db
from contextlib import asynccontextmanager

import pytest
import pytest_asyncio
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine

sessions = {}


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def engine(tmp_path_factory):
    url = f"sqlite+aiosqlite:///{tmp_path_factory.mktemp('db') / 'shop.db'}"
    engine = create_async_engine(url, pool_size=1, max_overflow=0, pool_timeout=0.3)
    yield engine
    await engine.dispose()


@asynccontextmanager
async def session(engine, shop):  # LC603
    yield sessions.setdefault(shop, AsyncSession(engine))


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize("shop", ["books", "tools"])
async def test_shop(engine, shop):
    async with session(engine, shop) as db:
        assert await db.scalar(text("select 1")) == 1
