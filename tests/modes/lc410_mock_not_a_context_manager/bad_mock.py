"""A plain Mock has no `__aenter__`; only a MagicMock has."""

from unittest.mock import Mock

import pytest


async def guarded(locks, key, work):
    async with locks.lock(key):
        return work()


# name: locks.lock
@pytest.mark.asyncio
async def test_guarded():
    locks = Mock()  # LC410
    assert await guarded(locks, "cart", lambda: 1) == 1
