"""A client passes on the limit of its caller, and waits for a door that is open already."""

# name: self.door.wait(limit)
import anyio
import pytest


class Gate:
    def __init__(self):
        self.opened = anyio.Event()

    async def wait(self, seconds):
        with anyio.fail_after(seconds):
            await self.opened.wait()


class Visitor:
    def __init__(self, door):
        self.door = door

    async def enter(self, limit):
        await self.door.wait(limit)  # LC213
        return "inside"


@pytest.mark.asyncio
async def test_an_open_door_needs_no_patience():
    gate = Gate()
    gate.opened.set()
    assert await Visitor(gate).enter(0) == "inside"
