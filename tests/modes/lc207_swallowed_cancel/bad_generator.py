"""A feed unsubscribes when its reader is cancelled, and raises nothing. The reader only ends."""

import asyncio

import pytest


class Feed:
    def __init__(self):
        self.queue = asyncio.Queue()
        self.open = True

    async def items(self):
        try:
            while True:
                yield await self.queue.get()
        except (asyncio.CancelledError, GeneratorExit) as error:  # LC207
            self.open = False
            if isinstance(error, GeneratorExit):
                raise


# name: Feed.items
@pytest.mark.asyncio
async def test_the_reader_sees_that_it_is_cancelled():
    feed, seen = Feed(), []

    async def read():
        try:
            async for item in feed.items():
                seen.append(item)
        except asyncio.CancelledError:
            seen.append("cancelled")

    reader = asyncio.create_task(read())
    feed.queue.put_nowait("a")
    while not seen:
        await asyncio.sleep(0)
    reader.cancel()
    await reader
    assert seen == ["a", "cancelled"]
