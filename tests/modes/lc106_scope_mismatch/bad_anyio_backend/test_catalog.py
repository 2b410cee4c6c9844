"""anyio sets the fixture up, and asks on its behalf for what ends with each test."""

# name: catalog

import anyio
import pytest

pytestmark = pytest.mark.anyio


@pytest.fixture
def anyio_backend():  # LC106
    return "asyncio"


@pytest.fixture(scope="module")
async def catalog():
    await anyio.sleep(0)
    return {"978": "Momo"}


async def test_one_is_known(catalog):
    assert catalog["978"] == "Momo"


async def test_none_is_lost(catalog):  # a bare AssertionError
    assert len(catalog) == 1
