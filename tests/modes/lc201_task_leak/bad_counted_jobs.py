"""A scheduler forgets to end the jobs that repeat. It says how many there are."""

# name: Scheduler._repeat
import asyncio

import pytest


class Scheduler:
    def __init__(self):
        self.jobs = []

    def every(self, seconds, work):
        self.jobs.append(asyncio.ensure_future(self._repeat(seconds, work)))  # LC201

    def once(self, work):
        self.jobs.append(asyncio.ensure_future(self._once(work)))

    async def _repeat(self, seconds, work):
        while True:
            work()
            await asyncio.sleep(seconds)

    async def _once(self, work):
        work()

    async def finish(self):
        done, _ = await asyncio.wait(self.jobs, timeout=0.01)
        self.jobs = [one for one in self.jobs if one not in done]


@pytest.mark.asyncio
async def test_a_finished_scheduler_has_no_jobs():
    scheduler, seen = Scheduler(), []
    scheduler.every(60, lambda: seen.append("tick"))
    scheduler.once(lambda: seen.append("once"))
    await scheduler.finish()
    assert len(scheduler.jobs) == 0
