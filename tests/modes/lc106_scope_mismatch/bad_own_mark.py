"""The class says one loop for fixture and tests; the mark of a single test says another."""

# name: room
import asyncio

import pytest
import pytest_asyncio


async def enter(room):
    async with room:
        await asyncio.sleep(0)


@pytest.mark.asyncio(loop_scope="class")
class TestRoom:
    @pytest_asyncio.fixture(scope="class", loop_scope="class")
    async def room(self):
        room = asyncio.Lock()
        await asyncio.gather(enter(room), enter(room))
        return room

    @pytest.mark.asyncio(loop_scope="function")  # LC106
    async def test_two_enter(self, room):
        await asyncio.gather(enter(room), enter(room))
