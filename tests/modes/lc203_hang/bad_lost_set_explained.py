"""Comments, a docstring and a text speak of the event, too; only one line clears it."""

# name: door.ready | self.ready
import asyncio

import pytest


class Door:
    """Call `open` before `enter`: whoever enters early would meet `ready.clear()`."""

    def __init__(self):
        self.ready = asyncio.Event()
        self.help = "ready.set() opens the door"

    async def enter(self):
        # Not `self.ready.clear()` in `open`: it would wait for itself.
        self.ready.clear()  # LC203
        await self.ready.wait()


async def blink():
    while True:
        await asyncio.sleep(0.01)


@pytest.mark.asyncio
async def test_the_door_is_open():
    door, light = Door(), asyncio.create_task(blink())
    door.ready.set()
    async with asyncio.timeout(0.2):
        await door.enter()
    light.cancel()
