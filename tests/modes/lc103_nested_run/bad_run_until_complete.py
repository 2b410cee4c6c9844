"""The running loop is asked to run."""

# name: count
import asyncio

import pytest


async def count():
    return 3


@pytest.mark.asyncio
async def test_count():
    loop = asyncio.get_running_loop()
    assert loop.run_until_complete(count()) == 3  # LC103
