"""The helper is over, so each wait for it ends at once. The cancellation of the poll is dropped."""

import asyncio
from contextlib import suppress

import pytest


class Stream:
    def __init__(self):
        self.ping = asyncio.create_task(asyncio.sleep(3600))

    async def wait(self):
        with suppress(asyncio.CancelledError):  # LC207
            await self.ping


async def follow(stream):
    while True:
        await stream.wait()


# options: --loopcheck-hang=1
# name: follow
@pytest.mark.asyncio
async def test_a_follower_ends():
    follower = asyncio.create_task(follow(Stream()))
    await asyncio.sleep(0)
    follower.cancel()
    with pytest.raises(asyncio.CancelledError):
        await follower
