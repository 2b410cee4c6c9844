"""The worker is started and nobody ends it."""

import asyncio

import pytest


class Worker:
    def __init__(self):
        self.jobs = asyncio.Queue()

    def start(self):
        self.task = asyncio.create_task(self.run())  # LC201

    async def run(self):
        while True:
            await self.jobs.get()


# name: Worker.run
@pytest.mark.asyncio
async def test_starts():
    worker = Worker()
    worker.start()
    await asyncio.sleep(0)
    assert not worker.task.done()
