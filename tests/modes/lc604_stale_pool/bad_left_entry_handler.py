"""A handler takes a job out if it fails, but not if it is cancelled while it waits for its turn."""

# name: works.queue
import asyncio

import pytest


class Works:
    def __init__(self, *, slots):
        self.queue, self.turn = [], asyncio.Semaphore(slots)

    async def submit(self, job):
        self.queue.append(job)
        await self.turn.acquire()  # LC604
        try:
            return await job()
        except BaseException:
            self.finish(job)
            raise

    def finish(self, job):
        self.queue.remove(job)
        self.turn.release()

    async def close(self):
        left = len(self.queue)
        self.queue.clear()
        if left > 0:
            raise RuntimeError(f"{left} jobs left")


async def job():
    return "done"


@pytest.mark.asyncio
async def test_a_job_without_a_slot_is_over_when_the_works_close():
    works = Works(slots=0)
    try:
        await asyncio.wait_for(works.submit(job), 0.01)
    except TimeoutError:
        pass
    await works.close()
