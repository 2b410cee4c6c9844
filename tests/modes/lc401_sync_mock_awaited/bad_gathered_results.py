"""Each answer is looked at for itself: one of them is an error, and no answer at all."""

import asyncio
from unittest.mock import AsyncMock, MagicMock

import pytest


async def balance(repo, user):
    return (await repo.get_user(user))["balance"]


# name: broken.get_user
@pytest.mark.asyncio
async def test_balances():
    whole = AsyncMock()
    whole.get_user.return_value = {"balance": 3}
    broken = MagicMock()  # LC401
    broken.get_user.return_value = {"balance": 4}
    answers = await asyncio.gather(balance(whole, 1), balance(broken, 2), return_exceptions=True)
    for answer in answers:
        assert answer in (3, 4)
