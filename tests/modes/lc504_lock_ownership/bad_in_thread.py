"""Taken by the test, released by a method of the job that runs in a thread."""

# name: job.lock | self.lock
import asyncio
import os

import pytest
import valkey


class Job:
    def __init__(self, store):
        self.lock = store.lock("job", timeout=5)

    def finish(self):
        self.lock.release()  # LC504


@pytest.fixture
def job():
    with valkey.from_url(os.environ["VALKEY_URL"]) as store:
        yield Job(store)


@pytest.mark.asyncio
async def test_job(job):
    assert job.lock.acquire()
    await asyncio.to_thread(job.finish)
