"""Jobs that were cancelled, or were not, and sums that are wrong beside them."""

import asyncio
from contextlib import suppress

import pytest

pytestmark = pytest.mark.asyncio


class Job:
    def __init__(self):
        self.steps, self.name = 0, "job"

    async def run(self):
        while True:
            try:
                await asyncio.sleep(0.005)
            except asyncio.CancelledError:
                break
            self.steps += 1

    async def run_on(self):
        for _ in range(3):
            with suppress(asyncio.CancelledError):
                await asyncio.sleep(0.005)
            self.steps += 1


async def test_it_stopped():
    job = Job()
    task = asyncio.create_task(job.run())
    await asyncio.sleep(0.02)
    task.cancel()
    await asyncio.wait([task], timeout=1)
    assert job.steps > 100


async def test_nobody_cancelled_it():
    job = Job()
    task = asyncio.create_task(job.run_on())
    await asyncio.wait([task], timeout=1)
    assert job.steps < 3


async def test_of_something_else():
    job = Job()
    task = asyncio.create_task(job.run_on())
    await asyncio.sleep(0)
    task.cancel()
    await asyncio.wait([task], timeout=1)
    assert job.name == "worker"
