"""A helper calls a method of one repository for all items at once: its caller chose that."""
# name: session

import pytest
from mapping import map_all
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine
from sqlalchemy.pool import NullPool


class Rows:
    def __init__(self, session):
        self.session = session

    async def get(self, number):
        return await self.session.scalar(text(f"select {number}"))

    async def get_all(self, numbers):
        return await map_all(self.get, numbers)  # LC606


@pytest.mark.asyncio
async def test_two_rows():
    engine = create_async_engine("sqlite+aiosqlite://", poolclass=NullPool)
    async with AsyncSession(engine) as session:
        assert await Rows(session).get_all([1, 2]) == [1, 2]
    await engine.dispose()
