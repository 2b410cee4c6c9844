"""A class method creates the session and returns its owner: the fixture does not close that."""

# name: shop | second
# findings: 2

import pytest
import pytest_asyncio
from shop import Shop, open_shop

pytestmark = pytest.mark.asyncio


@pytest_asyncio.fixture
async def shop():  # LC307
    return await Shop.open("tea")


async def test_its_name(shop):
    assert shop.name == "tea"


async def test_a_second_one():
    second = await open_shop()  # LC307
    assert second.name == "sea"
