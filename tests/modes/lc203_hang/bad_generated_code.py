"""The task waits in code that has no file: the line to change is the one that ran it."""

# name: job.done
import asyncio

import pytest

SPACE = {}
exec("async def run(job):\n    await job.done.wait()\n", SPACE)


class Job:
    def __init__(self):
        self.done = asyncio.Event()


@pytest.mark.asyncio
async def test_job():
    job = Job()
    await asyncio.wait_for(SPACE["run"](job), 0.2)  # LC203
