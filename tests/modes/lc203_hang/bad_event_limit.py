"""The worker waits for the test, the test for the worker; then the group cancels all."""

import asyncio

import pytest

pytestmark = pytest.mark.asyncio


class Worker:
    def __init__(self):
        self.go = asyncio.Event()
        self.ready = asyncio.Event()

    async def run(self):
        await self.go.wait()
        self.ready.set()


# name: worker.ready
async def test_the_worker_gets_ready():
    worker = Worker()
    async with asyncio.TaskGroup() as group:
        group.create_task(worker.run())
        async with asyncio.timeout(0.2):
            await worker.ready.wait()  # LC203
        worker.go.set()
