"""gather(return_exceptions=True) turns the error into a value; what fails is an assertion."""

# name: prices
# or: nothing
import asyncio
import os

import pytest
import valkey.asyncio as valkey

prices = valkey.from_url(os.environ["VALKEY_URL"])  # LC102


@pytest.mark.asyncio(loop_scope="module")
async def test_price_is_stored():
    assert await prices.set("price:pepper", 4)


@pytest.mark.asyncio
async def test_prices_are_read():
    found = await asyncio.gather(prices.get("price:pepper"), return_exceptions=True)
    assert found == [b"4"]
