"""A worker of a fixture has a job, and has not come to it."""

import asyncio

import pytest


class Worker:
    def __init__(self):
        self.queue, self.done = asyncio.Queue(), []

    async def run(self):
        while True:
            job = await self.queue.get()
            await asyncio.sleep(0.001)
            self.done.append(job)


@pytest.fixture
async def worker():
    worker = Worker()
    task = asyncio.create_task(worker.run())
    yield worker
    task.cancel()


class TestWorker:
    async def test_job(self, worker):
        await worker.queue.put("a")
        await asyncio.sleep(0)
        assert "a" in worker.done, "not done"  # LC208


# name: Worker.run
