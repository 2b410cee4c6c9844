import fakeredis
import pytest_asyncio


@pytest_asyncio.fixture
async def redis():
    client = fakeredis.FakeAsyncRedis()
    yield client
    await client.aclose()


@pytest_asyncio.fixture(autouse=True)
async def flushed(redis):
    await redis.flushall()
    yield
    await redis.flushall()


@pytest_asyncio.fixture
async def stored(redis):
    await redis.set("cart", "apples")
    return await redis.get("cart")
