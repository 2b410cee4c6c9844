"""In auto mode pytest-asyncio also takes the tests that pytest-trio runs."""

import pytest
import trio


async def weigh(box):
    await trio.sleep(0)
    return len(box)


# name: test_weight
@pytest.mark.trio
async def test_weight():
    assert await weigh("red") == 3
