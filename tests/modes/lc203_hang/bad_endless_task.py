"""A group waits for all its tasks, and one of them goes round until it is cancelled."""

# options: --loopcheck-hang=0.2
# name: heartbeat | Ticker.run
# findings: 3

import asyncio

import pytest

pytestmark = pytest.mark.asyncio


async def heartbeat():
    while True:
        await asyncio.sleep(0.05)


class Ticker:
    def __init__(self, act):
        self.act = act

    async def run(self):
        while True:
            try:
                await asyncio.sleep(0.02)
            except asyncio.CancelledError:
                raise
            self.act()


async def one():
    return 1


async def test_serves():
    async with asyncio.TaskGroup() as group:
        group.create_task(heartbeat())  # LC203
        assert await group.create_task(one()) == 1


async def test_ticks():
    ticks = []
    async with asyncio.TaskGroup() as group:
        group.create_task(Ticker(lambda: ticks.append(1)).run(), name="ticker")  # LC203
        assert await group.create_task(one()) == 1


async def test_gathers():
    await asyncio.gather(one(), heartbeat())  # LC203
