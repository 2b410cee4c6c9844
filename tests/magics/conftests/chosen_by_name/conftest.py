import pytest
import pytest_asyncio


@pytest_asyncio.fixture
async def local():
    yield "local"


@pytest_asyncio.fixture
async def remote():
    yield "remote"


@pytest.fixture(params=["remote", "local"])
def storage(request):
    return request.getfixturevalue(request.param)
