"""The method of all loops is replaced, by a decorator over the test."""

# options: --loopcheck-hang=1
# name: BaseEventLoop.time

import asyncio
from unittest.mock import patch

import pytest


async def slow():
    await asyncio.sleep(0.01)
    return 3


@patch("asyncio.BaseEventLoop.time", lambda self: 5.0)  # LC411
@pytest.mark.asyncio
async def test_slow():
    assert await asyncio.wait_for(slow(), 0.5) == 3
