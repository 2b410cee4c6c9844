"""A service starts another one, and both can be ended: the test ends neither."""

import asyncio

import pytest


class Clock:
    def begin(self):
        self.ticking = [asyncio.create_task(self._tick())]

    def cancel(self):
        for one in self.ticking:
            one.cancel()

    async def _tick(self):
        await asyncio.sleep(30)


class Station:
    def __init__(self):
        self.clock = Clock()

    async def open(self):
        self.clock.begin()

    async def shutdown(self):
        self.clock.cancel()


# name: Clock._tick
@pytest.mark.asyncio
async def test_it_opens():
    station = Station()
    await station.open()  # LC201
    assert station.clock.ticking
