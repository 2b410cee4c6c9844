"""An earlier test left other keys: the pattern of the query leaves them out."""

import fakeredis
import pytest
import pytest_asyncio

server = fakeredis.FakeServer()


@pytest_asyncio.fixture
async def redis():
    async with fakeredis.FakeAsyncRedis(server=server, decode_responses=True) as client:
        yield client


async def close(redis, order):
    await redis.set(f"order:{order}", "closed")


@pytest.mark.asyncio
async def test_a_visit(redis):
    await redis.set("visit:1", "ada")
    assert await redis.exists("visit:1")


@pytest.mark.asyncio
async def test_closed_orders(redis):  # fails: it is number 7
    await close(redis, 7)
    assert await redis.keys("order:*") == ["order:8"]


@pytest.mark.asyncio
async def test_scanned_orders(redis):  # fails: there are two
    await close(redis, 7)
    assert [key async for key in redis.scan_iter(match="order:[^8]", count=10)] == []
