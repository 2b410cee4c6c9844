import pytest
import pytest_asyncio


@pytest.fixture(params=["sqlite", "postgres"], ids=["lite", "pg"], scope="module")
def backend(request):
    yield request.param


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def store(backend):
    yield {"backend": backend}


@pytest_asyncio.fixture
async def rows(store):
    return [store["backend"]] * 2
