import asyncio
from contextlib import suppress

import pytest_asyncio


@pytest_asyncio.fixture
async def queue():
    return asyncio.Queue()


@pytest_asyncio.fixture
async def consumer(queue):
    done = []

    async def consume():
        while True:
            done.append(await queue.get())
            queue.task_done()

    task = asyncio.create_task(consume())
    yield done
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task


@pytest_asyncio.fixture
async def consumed(queue, consumer):
    queue.put_nowait("order")
    await queue.join()
    return list(consumer)
