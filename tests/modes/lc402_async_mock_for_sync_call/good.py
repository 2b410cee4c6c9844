"""Async where the code awaits, sync where it does not."""

from unittest.mock import AsyncMock, MagicMock

import pytest
from sqlalchemy.engine import Result
from sqlalchemy.ext.asyncio import AsyncSession


async def find_name(session, user_id):
    result = await session.execute("select …", {"id": user_id})
    return result.scalar_one_or_none().upper()


@pytest.mark.asyncio
@pytest.mark.parametrize("session", [AsyncMock(add=MagicMock()), AsyncMock(spec=AsyncSession)])
async def test_find_name(session):
    session.execute.return_value = MagicMock(spec=Result)
    session.execute.return_value.scalar_one_or_none.return_value = "ada"
    assert await find_name(session, 7) == "ADA"
    session.add("ada")
