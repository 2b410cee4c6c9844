"""A wide async fixture asks for a plain one of a test: no loop has part in it."""

import pytest
import pytest_asyncio


@pytest.fixture
def price():
    return 3


@pytest_asyncio.fixture(scope="module")
async def prices(price):
    return [price]


@pytest.mark.asyncio
async def test_prices(prices):
    assert prices == [3]
