"""A helper polls until the work is done, and its own sleep gives way to nobody."""

# name: asyncio.sleep

import asyncio
from unittest.mock import AsyncMock, patch

import pytest


async def work(done):
    await asyncio.sleep(0.5)
    done.append("a")


async def settle(done):
    for _ in range(50):
        if done:
            return
        await asyncio.sleep(0.01)


@pytest.mark.asyncio
@patch("asyncio.sleep", new_callable=AsyncMock)  # LC405
async def test_the_work_is_done(nap):
    done = []
    job = asyncio.create_task(work(done))
    await settle(done)
    assert done == ["a"]
    await job
