"""The failing calls run in tasks of a gather."""

# name: prices
import asyncio
import os

import pytest
import valkey.asyncio as valkey

prices = valkey.from_url(os.environ["VALKEY_URL"])  # LC102


async def total(*goods):
    found = await asyncio.gather(*(prices.get(f"price:{name}") for name in goods))
    return sum(int(price or 0) for price in found)


@pytest.mark.asyncio(loop_scope="module")
async def test_all_goods():
    await prices.mset({"price:salt": 1, "price:oil": 2})
    assert await total("salt", "oil") == 3


@pytest.mark.asyncio
async def test_some_goods():
    assert await total("salt") == 1
