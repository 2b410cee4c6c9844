"""The test counts in vain: the line to change is in the other task, which locks itself out."""

# options: --loopcheck-hang=1
# name: shelf.lock | self.lock

import asyncio

import pytest


class Shelf:
    def __init__(self, *tools):
        self.lock, self.tools = asyncio.Lock(), list(tools)

    async def count(self):
        async with self.lock:
            return len(self.tools)

    async def remove(self, tool):
        async with self.lock:  # LC203
            self.tools.remove(tool)

    async def swap(self, old, new):
        async with self.lock:
            await self.remove(old)
            self.tools.append(new)


@pytest.mark.asyncio
async def test_count_meanwhile():
    shelf = Shelf("saw")
    swap = asyncio.create_task(shelf.swap("saw", "plane"))
    await asyncio.sleep(0)
    assert await shelf.count() == 1
    await swap
