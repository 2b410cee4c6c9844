"""The code under test awaits what is nothing to await: no double is at fault."""

import asyncio
from unittest.mock import AsyncMock, MagicMock

import pytest


def total(prices):
    return sum(prices)


async def bill(repo, cart):
    return await total(await repo.prices(cart))


async def show(repo, view):
    view.draw(await repo.prices("ada"))
    return await repo.prices("ada")["sum"]


@pytest.mark.asyncio
async def test_bill():
    repo = MagicMock()
    repo.prices = AsyncMock(return_value=[1, 2])
    assert await bill(repo, "ada") == 3


@pytest.mark.asyncio
async def test_its_own_helper():
    def double(number):
        return number * 2

    assert await double(3) == 6


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
