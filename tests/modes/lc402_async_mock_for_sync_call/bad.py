"""What `execute` returns is plain; the children of an AsyncMock are AsyncMocks all the way down."""

from unittest.mock import AsyncMock

import pytest


async def find_name(session, user_id):
    result = await session.execute("select …", {"id": user_id})
    return result.scalar_one_or_none().upper()


# name: session.execute().scalar_one_or_none
@pytest.mark.asyncio
async def test_find_name():
    session = AsyncMock()  # LC402
    session.execute.return_value.scalar_one_or_none.return_value = "ada"
    assert await find_name(session, 7) == "ADA"
