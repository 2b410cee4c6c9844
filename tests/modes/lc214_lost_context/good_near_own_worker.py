"""The worker sets it for itself. The test reads what nobody has set for it."""

import asyncio
from contextvars import ContextVar

import pytest
import pytest_asyncio

job = ContextVar("job")


async def work(jobs):
    while True:
        job.set(await jobs.get())
        jobs.task_done()


@pytest_asyncio.fixture
async def jobs():
    queue = asyncio.Queue()
    worker = asyncio.create_task(work(queue))
    yield queue
    worker.cancel()


@pytest.mark.asyncio
async def test_the_job(jobs):
    jobs.put_nowait("mail")
    await jobs.join()
    assert job.get("none") == "mail"
