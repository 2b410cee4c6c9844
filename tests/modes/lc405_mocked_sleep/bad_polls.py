"""A poller tries as often as it may, and what it polls for is still to be called by the loop."""

# name: asyncio.sleep

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
async def test_after_a_block():
    done = []

    async def work():
        done.append(1)

    job = asyncio.create_task(work())
    with patch("asyncio.sleep", new=AsyncMock()):  # LC405
        there = await poll(lambda: job.done() and done)
    assert there
