"""The engine is made in a synchronous session fixture, the session in a function's fixture."""

# name: engine
import os

import pytest
import pytest_asyncio
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine


@pytest.fixture(scope="session")
def engine():  # LC102
    url = os.environ["POSTGRES_URL"].replace("postgresql:", "postgresql+asyncpg:")
    return create_async_engine(url, pool_size=1)


@pytest_asyncio.fixture
async def session(engine):
    async with AsyncSession(engine) as session:
        yield session


@pytest.mark.asyncio(loop_scope="module")
async def test_library_is_open(engine):
    async with engine.begin() as connection:
        assert await connection.scalar(text("select 1")) == 1


@pytest.mark.asyncio
async def test_book_is_lent(session):
    assert await session.scalar(text("select 2")) == 2
