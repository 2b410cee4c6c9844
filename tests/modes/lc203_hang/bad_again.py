"""The test waits for a lock whose holder, another task, waits for the same lock."""

# options: --loopcheck-hang=1
# name: shelf.lock | self.lock

import asyncio

import pytest


class Shelf:
    def __init__(self):
        self.lock = asyncio.Lock()
        self.tools = ["saw"]

    async def count(self):
        async with self.lock:  # LC203
            return len(self.tools)

    async def swap(self, tool):
        async with self.lock:
            assert await self.count() == 1
            self.tools = [tool]


@pytest.mark.asyncio
async def test_count_meanwhile():
    shelf = Shelf()
    swap = asyncio.create_task(shelf.swap("plane"))
    await asyncio.sleep(0)
    assert await shelf.count() == 1
    await swap
