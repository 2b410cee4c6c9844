"""The code under test is an object that the line makes: its class says what it looks up."""

# name: shop.cart.get_rate | shop.cart.get_sign | shop.cart.get_name
# findings: 3

import pytest
from shop.cart import Cart, Names, Page, Signs, labels

pytestmark = pytest.mark.asyncio


async def test_total(rate):
    assert await Cart().add(5).add(6).total("EUR") == 22.0


async def test_signs():
    assert await Signs(["USD", "CAD"]).all() == ["$", "$"]


async def test_head():
    assert await Page(Signs(["USD"])).head() == "$"


async def test_asked(signs):
    await Signs(currencies=["USD"]).all()
    signs.assert_awaited_once_with("USD")


async def test_names(name):
    assert await Names(["USD"]).all() == ["dollar"]


async def test_labels():
    assert await labels(["USD"]) == {"head": "$"}
