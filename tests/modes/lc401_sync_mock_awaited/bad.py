"""The return value is set, so that Python's words name a dict and no mock."""

from unittest.mock import MagicMock

import pytest


async def charge(repo, user_id):
    user = await repo.get_user(user_id)
    return user["balance"] - 1


# name: repo.get_user
@pytest.mark.asyncio
async def test_charge():
    repo = MagicMock()  # LC401
    repo.get_user.return_value = {"balance": 10}
    assert await charge(repo, 7) == 9
