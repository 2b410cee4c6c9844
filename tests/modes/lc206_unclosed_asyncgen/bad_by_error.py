"""An error leaves the loop; what the reader holds is given back by a task of asyncio's."""

import asyncio

import pytest


class Meter:
    busy = False

    async def readings(self):
        self.busy = True
        try:
            for value in (3, 9):
                yield value
        finally:
            await asyncio.sleep(0)
            self.busy = False


async def first_above(meter, limit):
    async for value in meter.readings():  # LC206
        if value > limit:
            raise LookupError(value)


# name: Meter.readings
@pytest.mark.asyncio
async def test_a_high_value_frees_the_meter():
    meter = Meter()
    with pytest.raises(LookupError):
        await first_above(meter, 5)
    assert not meter.busy
