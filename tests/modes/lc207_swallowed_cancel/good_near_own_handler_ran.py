"""The reader's own handler got the cancellation. What it counts is wrong, and nothing else."""

import asyncio

import pytest


class Feed:
    def __init__(self):
        self.queue = asyncio.Queue()

    async def take(self):
        return await self.queue.get()

    async def quietly(self):
        try:
            await self.take()
        except asyncio.CancelledError:
            return


class Reader:
    def __init__(self, feed):
        self.feed = feed
        self.ended = 0

    async def run(self):
        try:
            await self.feed.take()
            await self.feed.quietly()
        except asyncio.CancelledError:
            self.ended = 1


@pytest.mark.asyncio
async def test_the_reader_ends_twice():
    reader = Reader(Feed())
    running = asyncio.create_task(reader.run())
    await asyncio.sleep(0)
    running.cancel()
    await running
    assert reader.ended == 2
