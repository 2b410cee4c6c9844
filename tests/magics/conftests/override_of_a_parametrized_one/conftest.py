import pytest
import pytest_asyncio


@pytest.fixture(params=["v1", "v2"])
def version(request):
    return request.param


@pytest_asyncio.fixture
async def service(version):
    yield {"version": version}
