"""The lock gives back whether it was released, and so it drops the error of its block."""

import asyncio
import unittest


class Jammed(RuntimeError):
    pass


class Door:
    def __init__(self):
        self.open = True

    async def shut(self):
        await asyncio.sleep(0)
        changed, self.open = self.open, False
        return changed


class Shut:
    def __init__(self, door):
        self.door = door

    async def __aenter__(self):
        return self.door

    async def __aexit__(self, kind, error, trace):
        return await self.door.shut()  # LC205


async def carry(door, boxes):
    async with Shut(door):
        for box in boxes:
            if box == "piano":
                raise Jammed(box)
            await asyncio.sleep(0)


# name: Shut.__aexit__
class DoorTest(unittest.IsolatedAsyncioTestCase):
    async def test_a_piano_does_not_fit(self):
        with self.assertRaises(Jammed):
            await carry(Door(), ["tea", "piano"])
