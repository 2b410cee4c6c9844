"""A retry by hand gives up outside its `except`: Python's own traceback holds nothing of why."""

# name: client
import os

import pytest
import valkey.asyncio as valkey

client = valkey.from_url(os.environ["VALKEY_URL"])  # LC101


class GaveUp(Exception):
    pass


async def stored(key, attempts=2):
    errors = []
    for _ in range(attempts):
        try:
            return await client.get(key)
        except Exception as error:
            errors.append(error)
            break
    raise GaveUp(f"{key} could not be read")


@pytest.mark.asyncio
async def test_price_is_missing():
    assert await stored("price:rye:none") is None


@pytest.mark.asyncio
async def test_price_is_missing_still():
    assert await stored("price:rye:none") is None
