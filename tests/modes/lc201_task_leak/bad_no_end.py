"""The class that starts the task has no method that ends it: that class has to change."""

import asyncio

import pytest


class Beacon:
    def __init__(self):
        self.blinks = 0

    def light(self):
        self.task = asyncio.create_task(self._blink())  # LC201

    async def _blink(self):
        while True:
            self.blinks += 1
            await asyncio.sleep(30)


# name: Beacon._blink
@pytest.mark.asyncio
async def test_it_blinks():
    beacon = Beacon()
    beacon.light()
    await asyncio.sleep(0)
    assert beacon.blinks == 1
