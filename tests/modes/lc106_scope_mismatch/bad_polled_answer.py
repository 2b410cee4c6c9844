"""The worker's task is on the session's loop: the list for its answer stays empty."""

import asyncio

import pytest
import pytest_asyncio


class Worker:
    def __init__(self):
        self.inbox = asyncio.Queue()

    async def serve(self):
        while True:
            number, box = await self.inbox.get()
            box.append(number * 2)

    async def double(self, number):
        box = []
        await self.inbox.put((number, box))
        async with asyncio.timeout(0.2):
            while not box:
                await asyncio.sleep(0.01)
        return box[0]


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def worker():  # LC106
    worker = Worker()
    serving = asyncio.create_task(worker.serve())
    yield worker
    serving.cancel()


# name: worker
@pytest.mark.asyncio
async def test_double(worker):
    assert await worker.double(4) == 8
