"""All that is left of the coroutine is what it returned: its objects are gone."""

# name: meter.total

import asyncio


class Meter:
    def __init__(self):
        self.total = 0

    async def add(self, units):
        before = self.total  # LC211
        await asyncio.sleep(0)
        self.total = before + units


def test_all_units_are_counted():
    async def day():
        meter = Meter()
        await asyncio.gather(meter.add(3), meter.add(4))
        return meter.total

    assert asyncio.run(day()) == 7
