"""The consumer clears the event as it starts, and with it the request to stop that came before."""

# name: self.stopping | feed.stopping
import asyncio

import pytest


class Feed:
    def __init__(self):
        self.stopping = asyncio.Event()
        self.ticks = 0

    def stop(self):
        self.stopping.set()

    async def beat(self):
        while True:
            await asyncio.sleep(0.01)
            self.ticks += 1

    async def run(self):
        self.stopping.clear()  # LC203
        beat = asyncio.create_task(self.beat())
        await self.stopping.wait()
        beat.cancel()


@pytest.mark.asyncio
async def test_it_stops():
    feed = Feed()
    running = asyncio.create_task(feed.run())
    feed.stop()
    await asyncio.wait_for(running, 0.2)
