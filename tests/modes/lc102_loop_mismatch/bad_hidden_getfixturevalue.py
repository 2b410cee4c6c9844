"""The fixture is asked for by name while the test runs."""

# name: store | cellar
import os

import pytest
import valkey.asyncio as valkey


@pytest.fixture(scope="session")
def cellar():  # LC102
    store = valkey.from_url(os.environ["VALKEY_URL"])
    yield store


@pytest.mark.asyncio(loop_scope="module")
async def test_wine_is_stored(cellar):
    assert await cellar.lpush("wine", "red") >= 1


@pytest.mark.asyncio
@pytest.mark.parametrize("place", ["cellar"])
async def test_wine_is_counted(request, place):
    store = request.getfixturevalue(place)
    assert await store.llen("wine") >= 1
