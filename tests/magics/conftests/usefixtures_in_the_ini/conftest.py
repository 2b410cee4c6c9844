import pytest_asyncio

STATE = {}


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def migrated():
    STATE["tables"] = ["orders"]
    yield
    STATE.clear()


@pytest_asyncio.fixture
async def orders():
    return list(STATE["tables"])
