"""The check is called and never runs: the test passes for nothing."""

import pytest

cart = {"ada": "apples"}


async def check_price():
    assert cart["ada"] == "gold"


# name: check_price
@pytest.mark.asyncio
async def test_price():
    check_price()  # LC202
