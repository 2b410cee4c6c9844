"""Another task opens the lock that a `with` holds."""

import asyncio

import pytest


class Door:
    def __init__(self):
        self.lock = asyncio.Lock()

    async def guard(self):
        async with self.lock:
            await asyncio.sleep(0.01)

    def force(self):
        if self.lock.locked():
            self.lock.release()  # LC504


# name: door.lock
@pytest.mark.asyncio
async def test_door():
    door = Door()
    guarding = asyncio.create_task(door.guard())
    await asyncio.sleep(0)
    door.force()
    await guarding
