"""Sessions of aiohttp that never connected, made at many lines: each says that it was not closed,
and none where it was made."""

# name: session | second | left
# findings: 3
import aiohttp
import pytest
import pytest_asyncio

pytestmark = pytest.mark.asyncio


class Shop(aiohttp.ClientSession):
    def __init__(self, name):
        super().__init__(headers={"User-Agent": name})


@pytest_asyncio.fixture
async def left():  # LC307
    return Shop("left")


@pytest_asyncio.fixture
async def closed():
    async with Shop("closed") as shop:
        yield shop


async def test_replaced_under_its_name():
    session = aiohttp.ClientSession()  # LC307
    assert not session.closed
    session = aiohttp.ClientSession(headers={"Accept": "text/plain"})
    await session.close()


async def test_the_second_of_two():
    first = Shop("first")
    second = Shop("second")  # LC307
    assert not second.closed
    await first.close()


async def test_of_two_fixtures(left, closed):
    assert not left.closed
    assert not closed.closed
