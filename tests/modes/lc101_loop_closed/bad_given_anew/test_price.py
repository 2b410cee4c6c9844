"""What the fixture gives is of its own making, though it has a module keep it."""

import asyncio


def test_price(cache):
    asyncio.run(cache.set("price", 3))
    assert asyncio.run(cache.get("price")) == b"3"
