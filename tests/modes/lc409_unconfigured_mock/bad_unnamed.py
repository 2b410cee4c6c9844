"""Nobody has a name for the double: what it made up says its own."""

# name: mock.get().email

from unittest.mock import AsyncMock

import pytest


async def label(repo, ident):
    user = await repo.get(ident)
    return f"{user.email}#{ident}"


@pytest.mark.asyncio
async def test_label():
    assert await label(AsyncMock(), 1) == "ada@example.org#1"  # LC409
