"""A feed closes its generator while its own task still waits inside of it."""
# name: self.messages

import asyncio

import pytest


class Feed:
    def __init__(self):
        self.queue, self.got = asyncio.Queue(), []
        self.messages = self.read()

    async def read(self):
        while True:
            yield await self.queue.get()

    async def work(self):
        async for message in self.messages:
            self.got.append(message)

    def start(self):
        self.task = asyncio.create_task(self.work())

    async def stop(self):
        await self.messages.aclose()  # LC206
        self.task.cancel()


@pytest.mark.asyncio
async def test_a_message():
    feed = Feed()
    feed.start()
    feed.queue.put_nowait("hello")
    await asyncio.sleep(0.01)
    await feed.stop()
    assert feed.got == ["hello"]
