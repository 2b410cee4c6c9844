import pytest
import pytest_asyncio


def scope(fixture_name, config):
    return "session"


@pytest.fixture(scope=scope)
def nodes():
    yield 3


@pytest_asyncio.fixture(scope=scope, loop_scope="session")
async def cluster(nodes):
    yield list(range(nodes))
