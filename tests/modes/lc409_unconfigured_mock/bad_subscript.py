"""What a mock made up is asked for a key, and the answer is compared with a number."""

from unittest.mock import AsyncMock

import pytest


async def pay(accounts, cents):
    account = await accounts.current()
    return "denied" if cents > account.limits["daily"] else "paid"


# name: accounts.current().limits.__getitem__()
@pytest.mark.asyncio
async def test_pay():
    accounts = AsyncMock()  # LC409
    assert await pay(accounts, 3) == "paid"
