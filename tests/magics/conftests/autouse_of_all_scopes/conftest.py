import pytest
import pytest_asyncio

LOG = []


@pytest.fixture(autouse=True)
def for_each_test():
    LOG.append("test")
    yield


@pytest_asyncio.fixture(scope="module", loop_scope="module", autouse=True)
async def for_each_module():
    LOG.append("module")
    yield


@pytest_asyncio.fixture(scope="session", loop_scope="session", autouse=True)
async def once():
    LOG.clear()
    LOG.append("session")
    yield


@pytest_asyncio.fixture
async def seen(for_each_test):
    return list(LOG)
