"""Each message moves the deadline on, to a time of day: after the last one the test hangs."""

# options: --loopcheck-hang=1

import asyncio
import time

import pytest


class Feed:
    def __init__(self):
        self.lines = asyncio.Queue()

    async def read(self, patience):
        seen = []
        try:
            async with asyncio.timeout(patience) as silence:
                while True:
                    seen.append(await self.lines.get())
                    silence.reschedule(time.time() + patience)  # LC213
        except TimeoutError:
            return seen


# name: silence.reschedule(time.time() + patience)
@pytest.mark.asyncio
async def test_reads_until_it_is_silent():
    feed = Feed()
    feed.lines.put_nowait("tea")
    assert await feed.read(0.05) == ["tea"]
