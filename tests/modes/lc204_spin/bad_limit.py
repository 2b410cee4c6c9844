"""The poll has a limit, and awaits what never waits: the lift stands still meanwhile."""

# name: wait_for_floor

import asyncio
import time

import pytest
import pytest_asyncio


class Lift:
    def __init__(self):
        self.floor = 0

    async def position(self):
        return self.floor

    async def move(self, to):
        while self.floor < to:
            await asyncio.sleep(0.01)
            self.floor += 1


async def wait_for_floor(lift, floor):
    end = time.monotonic() + 0.2
    while await lift.position() != floor:  # LC204
        if time.monotonic() > end:
            raise TimeoutError(f"still on floor {lift.floor}")


@pytest_asyncio.fixture
async def lift():
    lift = Lift()
    task = asyncio.create_task(lift.move(3))
    yield lift
    await task


@pytest.mark.asyncio
async def test_arrives(lift):
    await wait_for_floor(lift, 3)
