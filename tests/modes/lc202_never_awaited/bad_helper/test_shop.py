"""The code under test forgets the await; two tests go through it."""

# name: Shop.log
from shop import Shop


async def test_sell():
    assert await Shop().sell("tea") == "tea"


async def test_sell_twice():
    shop = Shop()
    assert [await shop.sell("tea"), await shop.sell("milk")] == ["tea", "milk"]
