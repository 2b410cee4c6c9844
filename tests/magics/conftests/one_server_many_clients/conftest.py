import fakeredis
import pytest
import pytest_asyncio


@pytest.fixture(scope="session")
def redis_server():
    return fakeredis.FakeServer()


@pytest_asyncio.fixture
async def writer(redis_server):
    async with fakeredis.FakeAsyncRedis(server=redis_server) as client:
        yield client


@pytest_asyncio.fixture
async def reader(redis_server):
    async with fakeredis.FakeAsyncRedis(server=redis_server) as client:
        yield client


@pytest_asyncio.fixture
async def two_clients(writer, reader):
    await writer.set("a", "1")
    return await reader.get("a")
