"""A poller tries as often as it may, and what it polls for is still to be called by the loop."""

# name: asyncio.sleep
# findings: 3

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


@pytest.mark.asyncio
async def test_after_a_block():
    done = []

    async def work():
        done.append(1)

    job = asyncio.create_task(work())
    with patch("asyncio.sleep", new=AsyncMock()):  # LC405
        there = await poll(lambda: job.done() and done)
    assert there
