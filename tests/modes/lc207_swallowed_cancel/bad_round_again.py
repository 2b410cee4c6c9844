"""The job is cancelled and waited for; it drops that and does all its steps."""

import asyncio
from contextlib import suppress

import pytest


class Job:
    def __init__(self):
        self.steps = 0

    async def step(self):
        await asyncio.sleep(0.01)
        self.steps += 1

    async def run(self):
        for _ in range(10):
            with suppress(asyncio.CancelledError, ConnectionError):  # LC207
                await self.step()


# name: Job.run
@pytest.mark.asyncio
async def test_stops_soon():
    job = Job()
    task = asyncio.create_task(job.run())
    await asyncio.sleep(0.015)
    task.cancel()
    await asyncio.wait([task], timeout=1)
    assert job.steps < 3
