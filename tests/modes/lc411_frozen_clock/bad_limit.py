"""A mock of the clock, in a `with`: the limit that should end the wait is a timer, too."""

# options: --loopcheck-hang=1
# name: time.monotonic

import asyncio
from unittest.mock import patch

import pytest


async def next_order(queue):
    async with asyncio.timeout(0.05):
        return await queue.get()


@pytest.mark.asyncio
async def test_no_order_comes():
    with patch("time.monotonic", return_value=7.0):  # LC411
        with pytest.raises(TimeoutError):
            await next_order(asyncio.Queue())
