"""A poller tries as often as it may, and no timer fires meanwhile."""

# name: asyncio.sleep
# findings: 2

import asyncio
from unittest.mock import AsyncMock, patch

import pytest


async def poll(ready):
    for _ in range(2000):
        if ready():
            return True
        await asyncio.sleep(0.1)
    return False


@pytest.mark.asyncio
@patch("asyncio.sleep")  # LC405
async def test_all_the_time(nap):
    ev = asyncio.Event()
    asyncio.get_running_loop().call_later(0.01, ev.set)
    assert await poll(ev.is_set)


@pytest.mark.asyncio
async def test_in_a_block():
    with patch("asyncio.sleep", new=AsyncMock()):  # LC405
        ev = asyncio.Event()
        asyncio.get_running_loop().call_later(0.01, ev.set)
        assert await poll(ev.is_set)
