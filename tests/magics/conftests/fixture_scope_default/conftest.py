import pytest_asyncio


@pytest_asyncio.fixture(scope="session")
async def broker():
    yield "amqp"


@pytest_asyncio.fixture(scope="module")
async def exchange(broker):
    yield f"{broker}/orders"


@pytest_asyncio.fixture
async def worker(exchange):
    yield f"{exchange}/1"
