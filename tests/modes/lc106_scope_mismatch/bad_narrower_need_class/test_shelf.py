"""anyio runs both fixtures: the shelf of the module asks for a catalog of one class."""

# name: shelf
import anyio
import pytest

pytestmark = pytest.mark.anyio


@pytest.fixture(scope="module")
def anyio_backend():
    return "asyncio"


@pytest.fixture(scope="class")
async def catalog():
    await anyio.sleep(0)
    yield {"978": "Momo"}


@pytest.fixture(scope="module")
async def shelf(catalog):  # LC106
    yield list(catalog.values())


class TestShelf:
    async def test_it_has_momo(self, shelf):
        assert shelf == ["Momo"]
