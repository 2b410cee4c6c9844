"""What should run side by side takes its turns, and the test asks how long it took."""

import asyncio
import time

import pytest


async def fetch():
    time.sleep(0.2)  # LC107


# name: time.sleep
@pytest.mark.asyncio
async def test_side_by_side():
    began = time.monotonic()
    await asyncio.gather(fetch(), fetch())
    assert time.monotonic() - began < 0.3
