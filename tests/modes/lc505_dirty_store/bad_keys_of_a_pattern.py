"""The keys of a pattern: an earlier test wrote one of them."""

# name: redis
import fakeredis
import pytest
import pytest_asyncio

server = fakeredis.FakeServer()
pytestmark = pytest.mark.asyncio


@pytest_asyncio.fixture
async def redis():  # LC505
    async with fakeredis.FakeAsyncRedis(server=server, decode_responses=True) as client:
        yield client


async def test_an_order(redis):
    await redis.set("order:1", "open")
    await redis.set("visit:1", "ada")
    assert await redis.get("order:1") == "open"


async def test_no_orders(redis):
    assert await redis.keys("order:?") == []


async def test_none_scanned(redis):
    assert [key async for key in redis.scan_iter(match="order:[^2]")] == []


async def test_none_in_this_page(redis):
    _, found = await redis.scan(match="o*")
    assert found == []
