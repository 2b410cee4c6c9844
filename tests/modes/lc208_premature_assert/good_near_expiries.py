"""Wrong asserts beside what is to happen much later, or only when somebody asks for it."""

import asyncio

import pytest
import pytest_asyncio

pytestmark = pytest.mark.asyncio


class Cache:
    def __init__(self):
        self.data, self.queue = {}, asyncio.Queue()

    async def put(self, key, value):
        self.data[key] = value + 1
        await self.expire_later(key)

    async def expire_later(self, key):
        self.end = asyncio.create_task(self.expire(key))

    async def expire(self, key):
        await asyncio.sleep(60)
        self.data.pop(key)

    async def serve(self, seconds):
        while True:
            key = await asyncio.wait_for(self.queue.get(), seconds)
            self.data[key] = 2
            self.queue.task_done()


@pytest_asyncio.fixture
async def cache():
    yield Cache()
    others = asyncio.all_tasks() - {asyncio.current_task()}
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)


async def test_put(cache):
    await cache.put("a", 1)
    assert cache.data == {"a": 1}


@pytest.mark.parametrize("seconds", [30, None])
async def test_served(cache, seconds):
    server = asyncio.create_task(cache.serve(seconds))
    cache.queue.put_nowait("a")
    await cache.queue.join()
    await asyncio.sleep(0.01)
    assert cache.data == {"a": 1}, server
