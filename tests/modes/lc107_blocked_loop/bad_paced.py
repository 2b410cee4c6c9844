"""A pinger paces itself with a helper that sleeps on the loop: nobody gets to close it."""

# name: time.sleep

# options: --loopcheck-hang=1
import asyncio
import time

import pytest


class Clock:
    @staticmethod
    async def pause(seconds):
        time.sleep(seconds)  # LC107


class Pinger:
    def __init__(self, clock):
        self.clock, self.closed, self.sent = clock, False, 0

    async def ping(self):
        while not self.closed:
            self.sent += 1
            await self.clock.pause(0.05)


@pytest.mark.asyncio
async def test_it_pings_until_closed():
    pinger = Pinger(Clock())
    task = asyncio.create_task(pinger.ping())
    await asyncio.sleep(0.2)
    pinger.closed = True
    await task
    assert pinger.sent
