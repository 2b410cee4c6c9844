"""A helper gives the shared task to `wait_for`, which cancels it when the time is over."""

# name: self._warm
import asyncio
from asyncio import wait_for

import pytest

pytestmark = pytest.mark.asyncio


class Engine:
    def __init__(self):
        self.heat = asyncio.Event()
        self._warm = asyncio.create_task(self._warm_up(), name="warm-up")

    async def _warm_up(self):
        await self.heat.wait()
        return 90

    async def temperature(self, patience):
        return await wait_for(self._warm, patience)  # LC215


async def test_a_patient_driver_gets_the_temperature():
    engine = Engine()
    try:
        await engine.temperature(0.01)
    except TimeoutError:
        engine.heat.set()
    assert await engine.temperature(5) == 90
