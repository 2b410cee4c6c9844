"""A future that its owner cancels, after one of those who wait for it has gone."""

# other: LC215
import asyncio

import pytest

pytestmark = pytest.mark.asyncio


class Latch:
    def __init__(self):
        self.opened = asyncio.get_running_loop().create_future()

    async def open(self):
        self.opened.set_result(None)
        await self.opened

    def close(self):
        self.opened.cancel()


async def test_it_opens_after_the_end():
    latch = Latch()
    waiting = asyncio.ensure_future(latch.open())
    waiting.cancel()
    await asyncio.wait([waiting])
    latch.close()
    await latch.open()
