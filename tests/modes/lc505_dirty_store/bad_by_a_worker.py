"""A worker that the first test starts counts in the store; the test itself waits elsewhere."""

# name: store

import asyncio
import os

import pytest
import pytest_asyncio
from valkey.asyncio import Valkey


class Counter:
    def __init__(self, store):
        self.store, self.jobs = store, asyncio.Queue()

    async def work(self):
        while True:
            page = await self.jobs.get()
            await self.store.incr(f"visits:{page}")
            self.jobs.task_done()


@pytest_asyncio.fixture
async def store():  # LC505
    client = Valkey.from_url(os.environ["VALKEY_URL"])
    yield client
    await client.aclose()


async def visit(store, *pages):
    counter = Counter(store)
    worker = asyncio.create_task(counter.work())
    for page in pages:
        counter.jobs.put_nowait(page)
    await counter.jobs.join()
    worker.cancel()


@pytest.mark.asyncio
async def test_a_visit_is_counted(store):
    await visit(store, "home")
    assert int(await store.get("visits:home")) == 1


@pytest.mark.asyncio
async def test_each_visit_is_counted(store):
    await visit(store, "home", "home")
    assert int(await store.get("visits:home")) == 2
