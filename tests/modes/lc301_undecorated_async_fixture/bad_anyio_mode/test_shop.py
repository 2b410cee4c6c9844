"""anyio's own setting is no misspelt one of pytest-asyncio's: a test that is not async fails."""

# name: shop
import pytest


@pytest.fixture
async def shop():  # LC301
    return "open"


async def test_shop(shop):
    assert shop == "open"


def test_shop_again(shop):
    assert shop == "open"
