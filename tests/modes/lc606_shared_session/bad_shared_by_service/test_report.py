"""A service hands one session to two coroutines, and a helper runs them at once."""
# name: session

import pytest
import pytest_asyncio
from report import Numbers, Report
from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine
from sqlalchemy.pool import NullPool


@pytest_asyncio.fixture
async def session():
    engine = create_async_engine("sqlite+aiosqlite://", poolclass=NullPool)
    async with AsyncSession(engine) as session:
        yield session
    await engine.dispose()


@pytest.mark.asyncio
async def test_both(session):
    assert await Report(Numbers(session)).both() == [1, 2]
