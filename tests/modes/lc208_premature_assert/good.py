"""Wait for the work itself, with a limit."""

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

    async def join(self):
        await asyncio.gather(*self.tasks)

    async def handle(self, event):
        await asyncio.to_thread(lambda: None)
        self.seen.append(event)


@pytest.mark.asyncio
async def test_joined():
    bus = Bus()
    bus.publish(1)
    async with asyncio.timeout(1):
        await bus.join()
    assert bus.seen == [1]
