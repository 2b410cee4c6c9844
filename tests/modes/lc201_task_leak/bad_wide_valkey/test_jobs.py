"""A worker of one test takes the jobs of the next: they fail, and it passes."""

import asyncio
import os

import pytest
import pytest_asyncio
import valkey.asyncio as valkey

pytestmark = pytest.mark.asyncio(loop_scope="module")


class Worker:
    def __init__(self, store):
        self.store = store
        self.done = []

    def start(self):
        self.task = asyncio.create_task(self.run())  # LC201

    async def run(self):
        while True:
            _, job = await self.store.blpop("jobs")
            self.done.append(job)


async def somebody_waits(store):
    mine = store.connection_pool.connection_kwargs["db"]
    while not any("b" in c["flags"] and int(c["db"]) == mine for c in await store.client_list()):
        await asyncio.sleep(0.01)


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def store():
    async with valkey.from_url(os.environ["VALKEY_URL"]) as store:
        yield store


# name: Worker.run
async def test_worker_starts(store):
    worker = Worker(store)
    worker.start()
    await somebody_waits(store)
    assert not worker.task.done()


async def test_worker_does_its_job(store):
    worker = Worker(store)
    worker.start()
    await store.rpush("jobs", "1")
    await asyncio.sleep(0.05)
    assert worker.done == [b"1"]


async def test_queue_length(store):
    await store.rpush("jobs", "2")
    assert await store.llen("jobs") == 1
