"""The worker takes the jobs and never says that they are done: `join` waits for that."""

# options: --loopcheck-hang=1
# name: jobs

import asyncio

import pytest


async def work(jobs, done):
    while True:
        done.append(await jobs.get())


@pytest.mark.asyncio
async def test_all_jobs_are_done():
    jobs, done = asyncio.Queue(), []
    worker = asyncio.create_task(work(jobs, done))
    for number in range(3):
        jobs.put_nowait(number)
    await jobs.join()  # LC203
    worker.cancel()
    assert done == [0, 1, 2]


@pytest.mark.asyncio
async def test_after_it():
    await asyncio.sleep(0)
