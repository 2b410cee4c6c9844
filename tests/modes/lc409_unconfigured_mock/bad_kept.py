"""The double has no name where it is made, and the failing line has only a text that shows it."""

# name: cards.repo.get().email

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
    return Cards(AsyncMock())  # LC409


@pytest.mark.asyncio
async def test_label(cards):
    assert await cards.label(1) == "ada@example.org#1"
