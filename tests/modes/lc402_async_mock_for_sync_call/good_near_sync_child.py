"""What the code calls plainly is a MagicMock within the AsyncMock."""

from unittest.mock import AsyncMock, MagicMock

import pytest


async def fetch_rates(session):
    response = await session.get("/rates")
    response.raise_for_status()
    return response.json()


@pytest.mark.asyncio
async def test_rates():
    session = AsyncMock()
    session.get.return_value = MagicMock()
    session.get.return_value.json.return_value = {"EUR": 1.1}
    assert await fetch_rates(session) == {"EUR": 1.1}
