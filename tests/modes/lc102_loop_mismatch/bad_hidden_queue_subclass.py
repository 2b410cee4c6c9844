"""A queue class of the user's own."""

# name: belt
import asyncio

import pytest


class Belt(asyncio.Queue):
    def __init__(self):
        super().__init__(maxsize=2)
        self.moved = 0

    async def next_box(self):
        self.moved += 1
        return await self.get()


belt = Belt()  # LC102


async def carry(box):
    robot = asyncio.create_task(belt.next_box())
    await asyncio.sleep(0)
    await belt.put(box)
    return await robot


@pytest.mark.asyncio
async def test_first_box():
    assert await carry("shoes") == "shoes"


@pytest.mark.asyncio
async def test_second_box():
    assert await carry("hats") == "hats"
