"""The test asks a worker to end and does not look: it goes on."""

import asyncio
from contextlib import suppress

import pytest


async def poll(seen):
    for number in range(2):
        with suppress(asyncio.CancelledError):  # LC207
            seen.append(number)
            await asyncio.sleep(3600)


# name: poll
@pytest.mark.asyncio
async def test_poll():
    seen = []
    task = asyncio.create_task(poll(seen))
    await asyncio.sleep(0)
    task.cancel()
    await asyncio.sleep(0.01)
    assert seen[0] == 0
