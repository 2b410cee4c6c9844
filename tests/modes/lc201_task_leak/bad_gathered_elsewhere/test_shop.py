"""One module gathers it, which no line of the test comes to; another one starts it for good."""

import asyncio

import pytest
from prices import latest
from shop import open_shop


# name: refresh
@pytest.mark.asyncio
async def test_the_shop_knows_its_prices():
    await open_shop()
    await asyncio.sleep(0)
    assert latest == {"apple": 1}
