"""What is read is configured, and what is not is refused."""

from types import SimpleNamespace
from unittest.mock import AsyncMock, MagicMock, seal

import pytest


async def display_name(session, user_id):
    user = (await session.execute("select …", user_id)).scalar_one_or_none()
    return user.name


@pytest.mark.asyncio
async def test_name():
    session = AsyncMock()
    session.execute.return_value = MagicMock()
    session.execute.return_value.scalar_one_or_none.return_value = SimpleNamespace(name="Ada")
    seal(session)
    assert await display_name(session, 7) == "Ada"
    with pytest.raises(AttributeError, match=r"mock\.scalar"):
        await session.scalar("select …")
