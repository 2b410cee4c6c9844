"""The application reads its own hash by text; the client is made in a function of another file."""

# name: carts.store | self.store
import pytest
from shop.store import Carts


@pytest.fixture
async def carts():
    carts = Carts()
    yield carts
    await carts.close()


async def test_the_price_is_kept(carts):
    await carts.add("ada", "tea", 3)
    assert await carts.total("ada") == 3
