"""The models are imported by the test only, after `create_all` has run."""

# name: invoices
import os

import pytest
import pytest_asyncio
from base import Base
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine


@pytest_asyncio.fixture
async def session():
    url = os.environ["POSTGRES_URL"].replace("postgresql:", "postgresql+asyncpg:")
    engine = create_async_engine(url)
    async with engine.begin() as connection:
        await connection.run_sync(Base.metadata.create_all)  # LC601
    async with AsyncSession(engine) as session:
        yield session
    await engine.dispose()


@pytest.mark.asyncio
async def test_invoices(session):
    from models import Invoice

    assert (await session.scalars(select(Invoice))).all() == []
