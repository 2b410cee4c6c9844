"""One function closes its readings, the other takes steps by hand and goes."""

import asyncio
from contextlib import aclosing

import pytest


class Meter:
    busy = False

    async def readings(self):
        self.busy = True
        try:
            for value in (3, 9, 4):
                yield value
        finally:
            await asyncio.sleep(0)
            self.busy = False


async def total(meter):
    async with aclosing(meter.readings()) as readings:
        return sum([value async for value in readings])


async def peak_of(meter, hours):
    readings = meter.readings()  # LC206
    return max([await anext(readings) for _ in range(hours)])


# name: Meter.readings
@pytest.mark.asyncio
async def test_the_peak_frees_the_meter():
    meter = Meter()
    assert await total(meter) == 16
    assert await peak_of(meter, hours=2) == 9
    assert not meter.busy
