"""Nobody keeps the tasks, and they end before anything is collected."""

import asyncio
import gc

import pytest


class Job:
    def __init__(self, done):
        self.done = done
        self.task = asyncio.create_task(self.work())

    async def work(self):
        await asyncio.sleep(0)
        self.done.append("worked")


@pytest.mark.asyncio
async def test_the_jobs_are_done():
    done = []
    for _ in range(3):
        Job(done)
    await asyncio.sleep(0.01)
    gc.collect()
    assert done == ["worked"] * 3
