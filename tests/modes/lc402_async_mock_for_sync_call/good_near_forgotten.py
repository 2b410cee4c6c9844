"""The double says what the real one is: a line that lacks its `await` is no fault of the double."""

from unittest.mock import AsyncMock, create_autospec

import pytest


class Repo:
    async def get_user(self, user_id):
        raise LookupError(user_id)


async def name_of(repo, user_id):
    user = repo.get_user(user_id)
    return (await user)["name"]


@pytest.mark.asyncio
async def test_name_of():
    repo = create_autospec(Repo, instance=True)
    repo.get_user.return_value = {"name": "ada"}
    assert await name_of(repo, 7) == "eve"


@pytest.mark.asyncio
async def test_later():
    repo = AsyncMock()
    repo.get_user.return_value = "eve"
    later = repo.get_user(7)
    assert await later == "ada"
