"""The double is handed to what makes the value, and has all that is read: the code is wrong."""

from unittest.mock import AsyncMock, MagicMock

import pytest

pytestmark = pytest.mark.asyncio


def greet(user):
    return f"Hello, {user.title}"


async def test_greet():
    users = AsyncMock()
    users.find.return_value = MagicMock(title="ada")
    assert greet(await users.find("ada")) == "Hello, Ada"
