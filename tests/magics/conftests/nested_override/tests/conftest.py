import pytest_asyncio


@pytest_asyncio.fixture
async def engine(engine):
    yield [*engine, "tests"]
