"""The pump drops every error of its sensor, also the one that the test expects."""

import asyncio

import pytest


class Flooded(Exception):
    pass


class Sensor:
    def __init__(self, levels):
        self.levels = iter(levels)

    async def read(self):
        await asyncio.sleep(0)
        level = next(self.levels, 0)
        if level > 9:
            raise Flooded(level)
        return level


class Pump:
    def __init__(self, sensor):
        self.sensor = sensor
        self.pumped = 0

    async def turn(self):
        try:
            level = await self.sensor.read()
        except Exception:  # LC205
            level = 0
        self.pumped += level

    async def run(self, turns):
        for _ in range(turns):
            await self.turn()


# name: except Exception
@pytest.mark.asyncio
async def test_a_flood_stops_the_pump():
    pump = Pump(Sensor([3, 12, 4]))
    with pytest.raises(Flooded):
        await pump.run(3)
