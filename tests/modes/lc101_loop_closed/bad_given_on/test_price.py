"""The fixture is made anew for each test, but not what it gives: a module keeps that."""

import pytest

pytestmark = pytest.mark.asyncio


async def test_price_is_set(cache):
    assert await cache.set("price", 3)


async def test_price_is_read(cache):
    assert await cache.get("price") == b"3"


async def test_price_is_read_again(cache):
    assert await cache.get("price") == b"3"
