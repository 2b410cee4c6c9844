"""anyio's own `anyio_backend` ends with the module, the fixture is to live on."""

# name: catalog

import anyio
import pytest

on_asyncio = pytest.mark.parametrize("anyio_backend", ["asyncio"], indirect=True)
pytestmark = [pytest.mark.anyio, on_asyncio]


@pytest.fixture(scope="session")
async def catalog():  # LC106
    await anyio.sleep(0)
    yield {"978": "Momo"}


async def test_one_is_known(catalog):
    assert catalog["978"] == "Momo"
