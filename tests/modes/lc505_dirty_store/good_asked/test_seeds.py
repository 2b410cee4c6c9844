"""What a fixture seeds is there for all, by whatever command; failures have other reasons."""

import os

import pytest
import pytest_asyncio
import valkey.asyncio as valkey

pytestmark = pytest.mark.asyncio(loop_scope="module")
SEED = "redis.call('RPUSH', 'menu', 'soup') return redis.call('SET', 'open', '1')"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def kitchen():
    async with valkey.from_url(os.environ["VALKEY_URL"], decode_responses=True) as kitchen:
        await kitchen.eval(SEED, 0)
        yield kitchen
        await kitchen.flushdb()


async def test_it_is_open(kitchen):
    assert await kitchen.get("open") == "1"


async def test_the_menu_is_empty(kitchen):  # fails: the fixture wrote it
    assert await kitchen.lrange("menu", 0, -1) == []


async def test_it_is_closed(kitchen):  # fails: the fixture opened it
    assert not await kitchen.get("open")


async def test_an_order(kitchen):
    await kitchen.eval("return redis.call('SET', 'order', 'tea', 'PX', 1)", 0)
    while await kitchen.exists("order"):
        pass


async def test_no_order(kitchen):  # fails of itself: the order is gone
    assert await kitchen.get("order") is None
    assert {"tea": 1} == {}
