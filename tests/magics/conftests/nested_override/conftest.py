import pytest_asyncio


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def engine():
    yield ["root"]


@pytest_asyncio.fixture
async def client(engine):
    yield ["client of", *engine]
