"""The worker catches what goes wrong; another one is cancelled."""

import asyncio
import contextlib

import pytest


async def careful(seen):
    try:
        raise KeyError("user_id")
    except KeyError as error:
        seen.append(error)


@pytest.mark.asyncio
async def test_careful():
    seen = []
    asyncio.create_task(careful(seen))
    sleeper = asyncio.create_task(asyncio.sleep(10))
    await asyncio.sleep(0.01)
    sleeper.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await sleeper
    assert len(seen) == 1
