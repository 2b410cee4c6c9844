"""The worker can end itself, but here the test has ended it. The count is a plain mistake."""

import asyncio

import pytest


class Worker:
    def __init__(self):
        self.done = 0
        self.task = None

    def start(self):
        self.task = asyncio.create_task(self.run())

    async def run(self):
        while self.done < 1000:
            await asyncio.sleep(0)
            self.done += 1
        await self.stop()

    async def stop(self):
        self.task.cancel()
        await asyncio.sleep(0)


async def shut_down(worker):
    await worker.stop()


@pytest.mark.asyncio
async def test_it_works_while_it_runs():
    worker = Worker()
    worker.start()
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    await shut_down(worker)
    assert worker.done == 7
