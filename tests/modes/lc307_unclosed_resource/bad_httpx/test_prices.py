"""Auto mode, and a client that is kept by what the test works with."""


# name: http
async def test_price(prices):
    assert await prices.of("apples") == "ok"


async def test_other(prices):
    assert await prices.of("pears") == "ok"
