"""What nobody configured is a mock, and the assert compares it with a name."""

from unittest.mock import AsyncMock, MagicMock

import pytest


async def display_name(session, user_id):
    user = (await session.execute("select …", user_id)).scalar_one_or_none()
    if user is None:
        raise LookupError(user_id)
    return user.name


@pytest.fixture
def rows():
    return MagicMock()  # LC409


# name: rows.scalar_one_or_none().name
@pytest.mark.asyncio
async def test_name(rows):
    session = AsyncMock()
    session.execute.return_value = rows
    assert await display_name(session, 7) == "Ada"
