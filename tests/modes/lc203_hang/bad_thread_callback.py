"""The client of a library calls back in its own thread: the method itself is passed on."""

# options: --loopcheck-hang=1
# name: job.finished
import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest


class Job:
    def __init__(self):
        self.finished, self.go = asyncio.Event(), threading.Event()

    def start(self, pool):
        work = pool.submit(self.go.wait)
        work.add_done_callback(lambda done: self.finished.set())  # LC203
        asyncio.get_running_loop().call_later(0.05, self.go.set)


@pytest.mark.asyncio
async def test_the_job_ends():
    job = Job()
    with ThreadPoolExecutor(1) as pool:
        job.start(pool)
        await job.finished.wait()
