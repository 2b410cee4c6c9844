"""An async test runs a coroutine the way that a script does."""

# name: fetch
import asyncio

import pytest


async def fetch():
    await asyncio.sleep(0)
    return 42


@pytest.mark.asyncio
async def test_fetch():
    assert asyncio.run(fetch()) == 42  # LC103
