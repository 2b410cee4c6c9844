"""The task is cancelled and awaited before the generator is closed; the check is wrong."""

import asyncio
from contextlib import suppress

import pytest


async def ticks(queue):
    try:
        while True:
            yield await queue.get()
    finally:
        queue.put_nowait("closed")


@pytest.mark.asyncio
async def test_ticks():
    queue, seen = asyncio.Queue(), []
    stream = ticks(queue)

    async def work():
        async for tick in stream:
            seen.append(tick)

    task = asyncio.create_task(work())
    queue.put_nowait(1)
    await asyncio.sleep(0.01)
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task
    await stream.aclose()
    assert seen == [1, 2]
