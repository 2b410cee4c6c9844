"""`raise_for_status` of a mock's response is called without `await`, and drops its coroutine."""

# passes
# name: session.get().raise_for_status

from unittest.mock import AsyncMock, MagicMock

import pytest


async def fetch_rates(session):
    response = await session.get("/rates")
    response.raise_for_status()
    return response.json()


@pytest.mark.asyncio
async def test_rates():
    session = AsyncMock()  # LC402
    session.get.return_value.json = MagicMock(return_value={"EUR": 1.1})
    assert await fetch_rates(session) == {"EUR": 1.1}
