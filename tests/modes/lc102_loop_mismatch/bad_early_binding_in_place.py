"""A meter remembers its loop first, and then refuses to read below zero."""

import asyncio


class Meter:
    def __init__(self):
        self._loop = None

    async def read(self, depth):
        running = asyncio.get_running_loop()
        self._loop = self._loop or running  # LC102
        if self._loop is not running:
            raise RuntimeError("another loop reads this meter")
        if depth < 0:
            raise ValueError(depth)
        return depth * 2


# name: meter
def test_a_depth_below_zero():
    meter = Meter()
    try:
        asyncio.run(meter.read(-1))
    except ValueError:
        pass
    assert asyncio.run(meter.read(2)) == 4
