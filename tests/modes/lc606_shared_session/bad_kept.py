"""A service keeps the session of its request, which is right, and then counts at once."""

# name: self.session
import asyncio

import pytest
import pytest_asyncio
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine
from sqlalchemy.pool import NullPool


class Dashboard:
    def __init__(self, session):
        self.session = session

    async def count(self, what):
        return await self.session.scalar(text(f"select {what}"))

    async def load(self):
        return await asyncio.gather(self.count(1), self.count(2))  # LC606


@pytest_asyncio.fixture
async def engine():
    engine = create_async_engine("sqlite+aiosqlite://", poolclass=NullPool)
    yield engine
    await engine.dispose()


@pytest.mark.asyncio
async def test_a_dashboard(engine):
    async def page():
        async with AsyncSession(engine) as session:
            return Dashboard(session)

    assert await (await page()).load() == [1, 2]
