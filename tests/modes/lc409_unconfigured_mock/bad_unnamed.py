"""Nobody has a name for the double: what it made up says its own."""

# name: mock.get().email

import gc
from unittest.mock import AsyncMock

import pytest

gc.disable()  # the mock is garbage when the line fails: a collection would free it


async def label(repo, ident):
    user = await repo.get(ident)
    return f"{user.email}#{ident}"


@pytest.mark.asyncio
async def test_label():
    assert await label(AsyncMock(), 1) == "ada@example.org#1"  # LC409
