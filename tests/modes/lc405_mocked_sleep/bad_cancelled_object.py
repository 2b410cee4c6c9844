"""`async with` runs a thermometer, and its exit cancels the task before the first reading."""

# name: anyio.sleep

import asyncio
from unittest.mock import AsyncMock, patch

import anyio
import pytest


class Thermometer:
    def __init__(self, sensor):
        self.sensor, self.highest, self.count = sensor, None, 0

    async def __aenter__(self):
        self._task = asyncio.ensure_future(self._watch())
        return self

    async def __aexit__(self, *error):
        self._task.cancel()
        await asyncio.wait([self._task])

    async def _watch(self):
        for value in self.sensor:
            self._note(value)
            await anyio.sleep(1)

    def _note(self, value):
        self.highest = max(value, self.highest or value)
        self.count += 1


@pytest.mark.asyncio
@patch("anyio.sleep", new_callable=AsyncMock)  # LC405
async def test_the_highest_value(sleep):
    thermometer = Thermometer([20, 24, 19])
    async with thermometer:
        await anyio.sleep(3)
        await anyio.sleep(3)
    assert thermometer.highest == 24
