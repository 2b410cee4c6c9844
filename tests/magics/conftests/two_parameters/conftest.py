import pytest
import pytest_asyncio


@pytest_asyncio.fixture(params=["json", "msgpack"])
async def codec(request):
    return request.param


@pytest_asyncio.fixture(params=["lite", "pg"])
async def store(request):
    yield request.param


@pytest.fixture
def codec_and_store(codec, store):
    return codec, store
