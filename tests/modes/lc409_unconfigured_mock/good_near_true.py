"""The code raises by itself, or for what the test has said."""

from unittest.mock import AsyncMock, MagicMock

import pytest

pytestmark = pytest.mark.asyncio


class Users:
    def __init__(self, repo, on_add=None):
        self.repo = repo
        self.on_add = on_add

    async def add(self, email):
        if "@" not in email or await self.repo.by_email(email):
            raise ValueError(email)
        if self.on_add:
            raise RuntimeError("not yet")

    async def rename(self, email):
        if await self.repo.by_email(email):
            try:
                int(email)
            except ValueError:
                raise LookupError(email) from None

    async def drop(self, email):
        if await self.repo.by_email(email):
            await self.repo.drop(email)
        else:
            raise LookupError(email)
        raise RuntimeError("not yet")


async def test_no_address():
    await Users(AsyncMock()).add("ada")


async def test_taken():
    repo = AsyncMock()
    repo.by_email.return_value = MagicMock(name="ada")
    await Users(repo).add("ada@example.org")


async def test_handed_over():
    repo = AsyncMock()
    repo.by_email.return_value = None
    await Users(repo, MagicMock()).add("ada@example.org")


async def test_no_number():
    await Users(AsyncMock()).rename("ada@example.org")


async def test_not_yet():
    await Users(AsyncMock()).drop("ada@example.org")
