"""A file of tests can't be imported: it says `src.shop`, where the other says `shop`."""

# name: checkout_latency_seconds
from shop.checkout import pay


async def test_paid():
    assert await pay(3) == 3
