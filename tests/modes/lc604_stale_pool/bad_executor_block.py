"""The executor of an object ends with the block that makes it, and in another test too early."""
# findings: 2
# name: self.pool | images.workers

import asyncio
from concurrent.futures import ThreadPoolExecutor

import pytest

pytestmark = pytest.mark.asyncio


class Hashes:
    def __init__(self):
        with ThreadPoolExecutor(2) as self.pool:  # LC604
            self.first = self.pool.submit(len, "")

    async def of(self, text):
        return await asyncio.get_running_loop().run_in_executor(self.pool, len, text)


class Images:
    def __init__(self):
        self.workers = ThreadPoolExecutor(1)

    async def thumb(self, name):
        await asyncio.sleep(0)
        return await asyncio.wrap_future(self.workers.submit(str.upper, name))

    def close(self):
        self.workers.shutdown()


async def test_a_hash():
    assert await Hashes().of("tea") == 3


async def test_a_thumb():
    images = Images()
    task = asyncio.create_task(images.thumb("a"))
    images.close()  # LC604
    assert await task == "A"
