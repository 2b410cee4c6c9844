"""The backend lives as long as what anyio runs with it."""

import anyio
import pytest

pytestmark = pytest.mark.anyio


@pytest.fixture(scope="module")
def anyio_backend():
    return "asyncio"


@pytest.fixture(scope="module")
async def catalog():
    await anyio.sleep(0)
    return {"978": "Momo"}


async def test_one_is_known(catalog):
    assert catalog["978"] == "Momo"


async def test_none_is_lost(catalog):
    assert len(catalog) == 1
