"""What the class method returned is closed by the fixture, by the test, and by a stack."""

from contextlib import AsyncExitStack, aclosing

import pytest
import pytest_asyncio
from shop import Shop, open_shop

pytestmark = pytest.mark.asyncio


@pytest_asyncio.fixture
async def shop():
    shop = await Shop.open("tea")
    yield shop
    await shop.aclose()


@pytest_asyncio.fixture
async def make_shop():
    async with AsyncExitStack() as stack:

        async def make(name):
            return await stack.enter_async_context(aclosing(await Shop.open(name)))

        yield make


async def test_its_name(shop):
    assert shop.name == "tea"


async def test_a_second_one():
    async with aclosing(await open_shop()) as second:
        assert second.name == "sea"


async def test_one_of_the_factory(make_shop):
    assert (await make_shop("ink")).name == "ink"
