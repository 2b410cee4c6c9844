"""A letter in the wrong place: a warning, and strict mode."""

# name: asynico_mode
import pytest


@pytest.fixture
async def shop():
    return "open"


async def test_alone():
    assert True


async def test_shop(shop):
    assert shop == "open"


def test_shop_again(shop):
    assert shop == "open"
