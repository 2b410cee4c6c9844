"""The coroutine is kept by an object, and asked for what it would give in a method of that."""

# name: open_prices | read_stock
# findings: 4
import pytest
from shop import Prices, Shop, open_prices, read_stock


@pytest.mark.asyncio
async def test_a_fixture_has_made_it(shop):
    assert await shop.price("tea") == 3


@pytest.mark.asyncio
async def test_the_test_has_made_it():
    shop = Shop(prices=open_prices())  # LC202
    assert await shop.price("tea") == 3


@pytest.mark.asyncio
async def test_it_is_in_a_dict():
    shops = {"here": open_prices()}  # LC202
    assert await shops["here"].of("tea") == 3


def test_it_is_subscripted():
    shop = Shop(Prices(), read_stock())  # LC202
    assert shop.left("tea") == 7
