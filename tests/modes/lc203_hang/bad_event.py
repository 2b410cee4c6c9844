"""Nobody sets the event. A heartbeat runs on, and has nothing to do with it."""

# options: --loopcheck-hang=1
# name: started | self.started

import asyncio

import pytest


class Service:
    def __init__(self):
        self.started = asyncio.Event()

    async def ready(self):
        await self.started.wait()  # LC203


async def beat():
    while True:
        await asyncio.sleep(0.05)


@pytest.mark.asyncio
async def test_it_starts():
    heart = asyncio.create_task(beat())
    await Service().ready()
    heart.cancel()
