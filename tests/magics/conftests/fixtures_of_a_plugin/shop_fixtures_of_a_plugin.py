import pytest
import pytest_asyncio


@pytest.fixture(scope="session")
def counter():
    return 1


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def till(counter):
    yield {"coins": counter}
