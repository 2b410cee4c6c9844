"""A worker that a fixture starts keeps the error of each job in the job."""

import asyncio
from contextvars import ContextVar

import pytest
import pytest_asyncio

user = ContextVar("user")


class Job:
    def __init__(self, goods):
        self.goods = goods
        self.state = "new"
        self.reason = None
        self.over = asyncio.Event()


async def work(jobs):
    while True:
        job = await jobs.get()
        try:
            job.state = f"{user.get()} has {job.goods}"  # LC214
        except LookupError as error:
            job.state, job.reason = "failed", error
        job.over.set()


@pytest_asyncio.fixture
async def jobs():
    queue = asyncio.Queue()
    worker = asyncio.create_task(work(queue))
    yield queue
    worker.cancel()


# name: user
@pytest.mark.asyncio
async def test_the_worker_knows_the_user(jobs):
    user.set("ada")
    job = Job("tea")
    jobs.put_nowait(job)
    await job.over.wait()
    assert job.state == "ada has tea"
