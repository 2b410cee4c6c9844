"""Nobody sees that the time ran out: the test passes with half of the answer."""

import asyncio

import pytest

LOST = (ConnectionError, asyncio.CancelledError)


class Reader:
    def __init__(self):
        self.queue = asyncio.Queue()

    async def read(self):
        parts = []
        while len(parts) < 3:
            try:
                parts.append(await self.queue.get())
            except LOST:  # LC207
                break
        return parts


# name: Reader.read
@pytest.mark.asyncio
async def test_read():
    reader = Reader()
    reader.queue.put_nowait("a")
    async with asyncio.timeout(0.05):
        parts = await reader.read()
    assert parts == ["a"]
