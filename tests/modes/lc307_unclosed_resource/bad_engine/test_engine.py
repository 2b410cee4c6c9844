"""The session is closed, the engine below it is not."""

import os

import pytest
import pytest_asyncio
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine


@pytest_asyncio.fixture
async def engine():  # LC307
    url = os.environ["POSTGRES_URL"].replace("postgresql://", "postgresql+asyncpg://")
    yield create_async_engine(url)


@pytest_asyncio.fixture
async def session(engine):
    async with AsyncSession(engine) as session:
        yield session


# name: engine
@pytest.mark.asyncio
async def test_row(session):
    assert (await session.execute(text("select 1"))).scalar() == 1
