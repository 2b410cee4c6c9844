"""Async where it is awaited: by hand, by a spec, by an autospec."""

from unittest.mock import AsyncMock, MagicMock, create_autospec

import pytest


class Repo:
    async def get_user(self, user_id):
        raise LookupError(user_id)


async def charge(repo, user_id):
    user = await repo.get_user(user_id)
    return user["balance"] - 1


@pytest.mark.asyncio
@pytest.mark.parametrize(
    "repo",
    [MagicMock(get_user=AsyncMock()), MagicMock(spec=Repo), create_autospec(Repo, instance=True)],
)
async def test_charge(repo):
    repo.get_user.return_value = {"balance": 10}
    assert await charge(repo, 7) == 9
