"""A hub keeps its tasks in a set, and its `close` forgets those that were added last."""

# name: Hub.serve
import asyncio

import pytest


class Hub:
    def __init__(self):
        self.jobs = set()

    def add(self, number):
        job = asyncio.ensure_future(self.serve(number))  # LC201
        self.jobs.add(job)
        job.add_done_callback(self.jobs.discard)

    async def serve(self, number):
        await asyncio.sleep(60 + number)

    async def close(self):
        job = next(iter(self.jobs))
        job.cancel()
        await asyncio.gather(job, return_exceptions=True)


@pytest.mark.asyncio
async def test_a_closed_hub_has_no_jobs():
    hub = Hub()
    hub.add(1)
    hub.add(2)
    await asyncio.sleep(0)
    await hub.close()
    assert hub.jobs == set()
