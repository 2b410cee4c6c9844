"""The fixture says None for all tests, and this one wants a user."""

from unittest.mock import AsyncMock

import pytest


@pytest.fixture
def repo():
    repo = AsyncMock()
    repo.find.return_value = None  # LC409
    return repo


async def shout(repo, key):
    user = await repo.find(key)
    return user.name.upper()


# name: repo.find
@pytest.mark.asyncio
async def test_shout(repo):
    assert await shout(repo, 7) == "ADA"
