"""The patch missed, but what would ask the original is not known to have run, or did not run."""

from asyncio import Lock
from unittest.mock import AsyncMock

import pytest
from shop.cart import Cached, Cart, Queued, Shared, Signs, labels, totals

pytestmark = pytest.mark.asyncio


@pytest.fixture(autouse=True)
def signs(monkeypatch):
    double = AsyncMock(return_value="€")
    monkeypatch.setattr("shop.rates.get_sign", double)
    return double


@pytest.fixture
def rate(monkeypatch):
    monkeypatch.setattr("shop.rates.get_rate", AsyncMock(return_value=2.0))


async def test_another_object_answers(rate):
    assert await Cart().add(5).total("EUR") == 10


async def test_there_was_nothing_to_ask_for():
    assert await Signs([]).all() == ["€"]


async def test_it_was_asked_for_nothing(signs):
    await Signs([]).all()
    signs.assert_awaited_once()


async def test_another_line_changes_what_it_keeps(signs):
    await Signs(["USD"]).only(["EUR"]).all()
    signs.assert_awaited_once()


async def test_a_condition_left_them_out():
    assert await Signs(["USD"]).long() == ["€"]


async def test_it_came_back_before():
    assert await Signs(["EUR"]).first() == "€"


async def test_the_double_was_met():
    assert await Shared(["USD"]).all() == ["$"]


async def test_all_were_done(signs):
    await Queued(["USD"]).done("USD").all()
    signs.assert_awaited_once()


async def test_none_of_them_was_known(signs):
    await Queued(["USD"], ["EUR"]).both()
    signs.assert_awaited_once()


async def test_it_was_known(signs):
    await Cached(Lock(), {"USD": "$"}).sign("USD")
    signs.assert_awaited_once()


async def test_what_it_made_is_changed(signs):
    assert await labels(["USD"]) == []
    signs.assert_awaited_once()


async def test_it_made_another_one(rate):
    assert await totals(known=True) == 10
