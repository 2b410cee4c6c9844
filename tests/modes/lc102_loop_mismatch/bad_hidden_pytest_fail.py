"""The test catches the error and fails with words of its own."""

# name: prices
import os

import pytest
import valkey.asyncio as valkey

prices = valkey.from_url(os.environ["VALKEY_URL"])  # LC102


async def price(good):
    try:
        return await prices.get(f"price:{good}")
    except Exception as exc:
        pytest.fail(f"no price for {good}: {type(exc).__name__}")


@pytest.mark.asyncio(loop_scope="module")
async def test_price_of_salt():
    await price("salt")


@pytest.mark.asyncio
async def test_price_of_oil():
    await price("oil")
