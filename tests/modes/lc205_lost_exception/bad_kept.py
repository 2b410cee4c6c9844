"""A reference is kept: that prevents collection, not loss."""

import asyncio

import pytest

background = set()


async def refresh():
    return 1 / 0


# name: refresh
@pytest.mark.asyncio
async def test_refresh():
    task = asyncio.create_task(refresh())  # LC205
    background.add(task)
    await asyncio.sleep(0.01)
