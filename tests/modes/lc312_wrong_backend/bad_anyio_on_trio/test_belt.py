"""anyio's plugin runs the test on each library that is installed; the code is for asyncio."""

import asyncio

import pytest


async def weigh(boxes):
    scales = asyncio.Queue()
    for box in boxes:
        scales.put_nowait(box)
    await asyncio.sleep(0.001)
    return sum([await scales.get() for _ in boxes])


# name: asyncio.sleep
@pytest.mark.anyio  # LC312
async def test_weight():
    assert await weigh([2, 3]) == 5
