"""The code copes with both kinds, and fails for another reason; a spec refuses a typo."""

import inspect
from unittest.mock import MagicMock

import pytest


class Repo:
    async def get_user(self, user_id):
        raise LookupError(user_id)


async def either(function, *args):
    found = function(*args)
    try:
        return await found
    except TypeError:
        return found


@pytest.mark.asyncio
async def test_either():
    get = MagicMock(return_value={"balance": 10})
    assert (await either(get, 7))["balance"] == 9


@pytest.mark.asyncio
async def test_typo():
    repo = MagicMock(spec=Repo)
    assert inspect.isawaitable(await repo.get_usr(7))
