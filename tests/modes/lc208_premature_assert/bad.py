"""A handler runs in a task of its own, and is asserted about at once."""

import asyncio

import pytest


class Bus:
    def __init__(self):
        self.seen = []
        self.tasks = set()

    def publish(self, event):
        task = asyncio.create_task(self.handle(event))
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)

    async def handle(self, event):
        await self.store(event)

    async def store(self, event):
        await asyncio.sleep(0.001)
        self.seen.append(event)


# name: Bus.handle
@pytest.mark.asyncio
async def test_at_once():
    bus = Bus()
    bus.publish(1)
    await asyncio.sleep(0)
    assert bus.seen == [1]  # LC208
