"""A wide async fixture on the right loop fails by itself, for each of its tests."""

import pytest
import pytest_asyncio

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def prices():
    prices = {}
    assert prices
    return prices


async def test_jam(prices):
    assert prices["jam"] == 3


async def test_bread(prices):
    assert prices["bread"] == 4
