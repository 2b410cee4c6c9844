"""The spec knows that `execute` is async; what it returns, no spec says."""

from unittest.mock import AsyncMock

import pytest
from sqlalchemy.ext.asyncio import AsyncSession


class Users:
    def __init__(self, session):
        self._session = session

    async def names(self):
        rows = await self._session.execute("select …")
        return [row.name for row in rows.scalars().all()]

    async def count(self):
        rows = await self._session.execute("select count(*)")
        return rows.scalar() + 1


@pytest.fixture
def session():
    session = AsyncMock(spec=AsyncSession)  # LC402
    session.execute.return_value.scalars.return_value.all.return_value = []
    session.execute.return_value.scalar.return_value = 3
    return session


# name: session.execute().scalars | session.execute().scalar
# findings: 1
@pytest.mark.asyncio
async def test_count(session):
    assert await Users(session).count() == 4
