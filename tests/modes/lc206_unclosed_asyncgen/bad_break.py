"""A subscription is left by a break, long before the test ends."""

import asyncio

import pytest


class Bus:
    def __init__(self):
        self.queues = []

    async def listen(self):
        queue = asyncio.Queue()
        self.queues.append(queue)
        try:
            while True:
                yield await queue.get()
        finally:
            self.queues.remove(queue)


async def until_stop(bus):
    async for message in bus.listen():  # LC206
        if message == "stop":
            break


# name: Bus.listen
@pytest.mark.asyncio
async def test_stops():
    bus = Bus()
    task = asyncio.create_task(until_stop(bus))
    await asyncio.sleep(0)
    bus.queues[0].put_nowait("stop")
    await task
    await asyncio.sleep(0.01)
    assert bus.queues == []
