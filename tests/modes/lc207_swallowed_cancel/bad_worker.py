"""Never let the worker die: it is cancelled, and asks for the next job."""

import asyncio

import pytest
import pytest_asyncio


class Worker:
    def __init__(self):
        self.jobs, self.lives = asyncio.Queue(), 2

    async def run(self):
        while self.lives:
            try:
                job = await self.jobs.get()
                print("job", job)
            except BaseException as error:  # LC207
                self.lives -= 1
                print("retrying after", repr(error))


@pytest_asyncio.fixture
async def worker():
    return Worker()


# name: Worker.run
@pytest.mark.asyncio
async def test_stop(worker):
    task = asyncio.create_task(worker.run())
    await asyncio.sleep(0)
    task.cancel()
    await asyncio.wait([task], timeout=0.05)
    assert task.done()
