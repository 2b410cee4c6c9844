import pytest_asyncio


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def client():
    yield "client"
