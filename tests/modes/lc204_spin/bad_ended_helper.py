"""The loop waits for a helper that has ended: each wait is over at once. Nobody cancels it."""

import asyncio
from contextlib import suppress

import pytest


class Stream:
    def __init__(self):
        self.ping = asyncio.create_task(asyncio.sleep(3600))

    async def wait(self):
        with suppress(asyncio.CancelledError):
            await self.ping


# options: --loopcheck-hang=1
# name: test_a_stream_ends
@pytest.mark.asyncio
async def test_a_stream_ends():
    stream = Stream()
    await asyncio.sleep(0)
    stream.ping.cancel()
    while True:  # LC204
        await stream.wait()
