"""The check is awaited."""

import pytest

cart = {"ada": "apples"}


async def check_price():
    assert cart["ada"] == "apples"


@pytest.mark.asyncio
async def test_price():
    await check_price()
