"""A poll gives `wait_for` a limit of zero, which cancels the `get` before it has begun."""

# name: self.jobs.get()
import asyncio

import pytest


class Worker:
    def __init__(self, patience):
        self.jobs, self.patience = asyncio.Queue(), patience

    async def next_job(self):
        return await asyncio.wait_for(self.jobs.get(), timeout=self.patience)  # LC213


@pytest.mark.asyncio
async def test_a_worker_without_patience_takes_what_is_there():
    worker = Worker(0)
    worker.jobs.put_nowait("sweep")
    assert await worker.next_job() == "sweep"
