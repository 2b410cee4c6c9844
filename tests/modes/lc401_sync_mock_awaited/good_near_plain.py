"""The code under test awaits what is nothing to await: no double is at fault."""

import asyncio
from unittest.mock import AsyncMock, MagicMock

import pytest


async def show(repo, view):
    view.draw(await repo.prices("ada"))
    return await repo.prices("ada")["sum"]


@pytest.mark.asyncio
async def test_no_such_key():
    repo = AsyncMock(**{"prices.side_effect": TypeError("object dict can't be used in 'await'")})
    assert await show(repo, MagicMock()) == 3


class Shop:
    def label(self):
        return "shop"

    async def labels(self):
        return await asyncio.gather(*[self.label()])


@pytest.mark.asyncio
async def test_what_it_stands_for_is_plain_as_well(monkeypatch):
    shop = Shop()
    monkeypatch.setattr(shop, "label", lambda: "fake shop")
    assert await shop.labels() == ["fake shop"]
