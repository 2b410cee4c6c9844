"""The double does what it was told, and the code under test fails by itself."""

from unittest.mock import AsyncMock, MagicMock

import pytest


async def shout(repo, key):
    user = await repo.find(key)
    return user.name.upper()


async def fetch_all(repo):
    return [await repo.next(), await repo.next()]


@pytest.mark.asyncio
async def test_nobody_is_found():
    repo = AsyncMock()
    repo.find.return_value = None  # the test wants to see what the code makes of it
    with pytest.raises(LookupError):
        await shout(repo, 7)


@pytest.mark.asyncio
async def test_the_second_fails():
    repo = AsyncMock(**{"next.side_effect": [1, ConnectionError("gone")]})
    assert await fetch_all(repo) == [1, 2]


@pytest.mark.asyncio
async def test_a_spec_refuses():
    repo = MagicMock(spec=["find"])
    repo.found.return_value = 1
