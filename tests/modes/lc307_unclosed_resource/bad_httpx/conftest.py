import httpx
import pytest
from shop import Prices


@pytest.fixture
async def http():  # LC307
    yield httpx.AsyncClient(trust_env=False)


@pytest.fixture
def prices(http):
    return Prices(http)
