"""The double is made of the real class: both are async, and the line lacks its `await`."""

from unittest.mock import create_autospec

import pytest


class Repo:
    async def get_user(self, user_id):
        raise LookupError(user_id)


async def name_of(repo, user_id):
    user = repo.get_user(user_id)  # LC202
    return user["name"]


# name: repo.get_user
@pytest.mark.asyncio
async def test_name_of():
    repo = create_autospec(Repo, instance=True)
    repo.get_user.return_value = {"name": "ada"}
    assert await name_of(repo, 7) == "ada"
