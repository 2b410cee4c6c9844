"""Nobody said that there is none: what the mock makes up is true, and the code refuses to go on."""

from unittest.mock import AsyncMock, MagicMock

import pytest

pytestmark = pytest.mark.asyncio


class Users:
    def __init__(self, repo):
        self.repo = repo

    async def add(self, email):
        if await self.repo.by_email(email):  # used
            raise ValueError(f"{email} is taken")
        await self.repo.save(email)

    async def rename(self, key, email):
        if email and (other := await self.repo.by_email(email)) is not None:  # used
            if other.id != key:
                raise ValueError(f"{email} is taken")
        await self.repo.save(email)

    async def drop(self, user):
        if user.locked:  # used
            raise PermissionError(user.name)
        await self.repo.drop(user)


@pytest.fixture
def repo():
    return AsyncMock()  # LC409


# name: repo.by_email() | user.locked
# findings: 2
async def test_add(repo):
    await Users(repo).add("ada@example.org")
    repo.save.assert_awaited_once()


async def test_rename(repo):
    await Users(repo).rename(1, "ada@example.org")


async def test_drop(repo):
    user = MagicMock()  # LC409
    user.name = "ada"
    await Users(repo).drop(user)
    repo.drop.assert_awaited_once_with(user)
