"""The handler raises again what closes a generator, and takes a cancellation for an end."""

import asyncio

import pytest


async def listen(queue):
    try:
        while True:
            yield await queue.get()
    except (asyncio.CancelledError, GeneratorExit) as error:  # LC207
        queue.put_nowait("stopped")
        if isinstance(error, GeneratorExit):
            raise


async def count(queue):
    return len([one async for one in listen(queue)])


# name: listen
@pytest.mark.asyncio
async def test_counting_has_a_limit():
    with pytest.raises(asyncio.TimeoutError):
        async with asyncio.timeout(0.05):
            await count(asyncio.Queue())
