"""Two marks: pytest-trio runs the test, and then pytest-asyncio gets what that leaves."""

import pytest
import trio


async def weigh(box):
    await trio.sleep(0)
    return len(box)


# name: test_weight
@pytest.mark.asyncio  # LC312
@pytest.mark.trio
async def test_weight():
    assert await weigh("red") == 3
