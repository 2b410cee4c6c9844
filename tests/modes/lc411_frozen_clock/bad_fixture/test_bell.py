"""A fixture of the conftest stops the clock for all who request it. anyio reads the loop's time."""

# options: --loopcheck-hang=1
# name: time.monotonic

import anyio
import pytest


async def ring(times):
    for _ in range(times):
        await anyio.sleep(0.01)
    return "ding" * times


@pytest.mark.asyncio
async def test_ring(noon):
    with anyio.move_on_after(0.1):
        assert await ring(3) == "dingdingding"
