"""A worker asks a fake store for one job more than there is; the store's own event waits."""

# options: --loopcheck-hang=1
# name: store | worker.store

import fakeredis
import pytest


class Worker:
    def __init__(self, store):
        self.store, self.done = store, []

    async def run(self, jobs):
        while len(self.done) < jobs:
            _, job = await self.store.blpop(["jobs"], timeout=0)  # LC203
            self.done.append(job)


@pytest.mark.asyncio
async def test_both_jobs():
    async with fakeredis.FakeAsyncRedis() as store:
        await store.rpush("jobs", "a", "b")
        worker = Worker(store)
        await worker.run(3)
        assert worker.done == [b"a", b"b"]
