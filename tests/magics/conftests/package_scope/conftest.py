import pytest_asyncio


@pytest_asyncio.fixture(scope="package", loop_scope="package")
async def tenants():
    yield ["ada", "bob"]


@pytest_asyncio.fixture(loop_scope="package")
async def tenant(tenants):
    yield tenants[0]
