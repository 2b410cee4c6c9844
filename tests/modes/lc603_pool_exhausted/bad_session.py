"""Sessions without `async with`: the second finds no connection."""

# name: session | kept
import pytest
import pytest_asyncio
from sqlalchemy import text
from sqlalchemy.ext.asyncio import async_sessionmaker, create_async_engine

kept = []


@pytest_asyncio.fixture
async def make_session(tmp_path):
    url = f"sqlite+aiosqlite:///{tmp_path}/shop.db"
    engine = create_async_engine(url, pool_size=1, max_overflow=0, pool_timeout=0.3)
    yield async_sessionmaker(engine)
    await engine.dispose()


async def one(make_session, n):
    session = make_session()  # LC603
    kept.append(session)
    return await session.scalar(text(f"select {n}"))


@pytest.mark.asyncio
async def test_two(make_session):
    assert await one(make_session, 1) + await one(make_session, 2) == 3
