"""The fixture that starts the worker ends it."""

import asyncio
import contextlib

import pytest
import pytest_asyncio


class Worker:
    def __init__(self):
        self.jobs = asyncio.Queue()
        self.task = asyncio.create_task(self.run())

    async def run(self):
        while True:
            await self.jobs.get()

    async def stop(self):
        self.task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await self.task


@pytest_asyncio.fixture
async def worker():
    worker = Worker()
    yield worker
    await worker.stop()


@pytest.mark.asyncio
async def test_starts(worker):
    await asyncio.sleep(0)
    assert not worker.task.done()
