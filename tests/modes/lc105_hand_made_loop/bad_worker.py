"""A worker puts its answers into a queue on a loop of its own, and the test waits for one."""

# name: Worker._square
import asyncio

import pytest


class Worker:
    def __init__(self):
        self.loop = asyncio.new_event_loop()  # LC105
        self.answers = asyncio.Queue()

    def square(self, number):
        self.task = asyncio.ensure_future(self._square(number), loop=self.loop)

    async def _square(self, number):
        await self.answers.put(number * number)


@pytest.fixture
def worker():
    worker = Worker()
    yield worker
    worker.loop.run_until_complete(worker.task)
    worker.loop.close()


@pytest.mark.asyncio
async def test_nine(worker):
    worker.square(3)
    assert await asyncio.wait_for(worker.answers.get(), 0.2) == 9
