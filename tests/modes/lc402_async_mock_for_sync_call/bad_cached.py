"""A cached helper hands out the mock: no name of the failing lines leads to it."""

# name: made.limit
from functools import lru_cache
from unittest.mock import AsyncMock

import pytest


@lru_cache
def settings():
    made = AsyncMock()  # LC402
    made.limit.return_value = 3
    return made


async def is_allowed(number):
    return number < settings().limit()


@pytest.mark.asyncio
async def test_allowed():
    assert await is_allowed(2)
