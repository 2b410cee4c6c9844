"""A portal of anyio runs in a thread, on a loop of its own."""

# name: self.ready
import asyncio

import pytest
from anyio.from_thread import start_blocking_portal


class Worker:
    def __init__(self):
        self.ready = asyncio.Event()  # LC102

    async def begun(self):
        await self.ready.wait()


@pytest.mark.asyncio
async def test_a_worker_begins():
    worker = Worker()
    asyncio.get_running_loop().call_soon(worker.ready.set)
    await worker.begun()
    worker.ready.clear()
    with start_blocking_portal() as portal:
        portal.call(worker.begun)
