"""The sweeper is stopped and waited for; what stops it is what it lets nobody see."""

# options: --loopcheck-hang=0.3

import asyncio
from contextlib import suppress

import pytest


async def sweep(seen):
    while True:
        with suppress(asyncio.CancelledError):  # LC207
            seen.append(len(seen))
            await asyncio.sleep(0.05)


# name: sweep
@pytest.mark.asyncio
async def test_the_sweeper_stops():
    seen = []
    sweeper = asyncio.create_task(sweep(seen))
    await asyncio.sleep(0)
    sweeper.cancel()
    await asyncio.gather(sweeper, return_exceptions=True)
    assert seen
