"""An object keeps a mock that was told what to give: the text is another than was expected."""

from types import SimpleNamespace
from unittest.mock import AsyncMock

import pytest


class Cards:
    def __init__(self, repo):
        self.repo = repo

    async def label(self, ident):
        user = await self.repo.get(ident)
        return f"{user.email}#{ident}"


@pytest.fixture
def cards():
    return Cards(AsyncMock(get=AsyncMock(return_value=SimpleNamespace(email="ada"))))


@pytest.mark.asyncio
async def test_label(cards):
    assert await cards.label(1) == "eve#1"
