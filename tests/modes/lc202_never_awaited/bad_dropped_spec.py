"""The mock knows that `save` is async; the code under test forgot the `await`."""

# passes
# name: repo.save

from unittest.mock import AsyncMock

import pytest


class Repo:
    async def save(self, row):
        raise ConnectionError

    async def count(self):
        raise ConnectionError


async def add(repo, row):
    repo.save(row)  # LC202
    return await repo.count()


@pytest.mark.asyncio
async def test_add():
    repo = AsyncMock(spec=Repo)
    repo.count.return_value = 1
    assert await add(repo, {"name": "tea"}) == 1
