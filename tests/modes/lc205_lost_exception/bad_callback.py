"""An exception in a callback goes to a log."""

import asyncio

import pytest

ready = []


def tick():
    ready.append(1 / len(ready))  # LC205


# name: tick
@pytest.mark.asyncio
async def test_tick():
    asyncio.get_running_loop().call_soon(tick)
    await asyncio.sleep(0.01)
