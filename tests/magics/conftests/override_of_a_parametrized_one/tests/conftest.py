import pytest_asyncio


@pytest_asyncio.fixture
async def service(service):
    yield {**service, "tests": True}
