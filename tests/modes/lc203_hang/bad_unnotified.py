"""`count_down` changes what the latch waits for, and notifies nobody: another method does that."""

# name: latch.zero | self.zero
import asyncio

import pytest


class Latch:
    def __init__(self, count):
        self.count, self.zero, self.broken = count, asyncio.Condition(), False

    async def count_down(self):
        async with self.zero:
            self.count -= 1  # LC203

    async def abort(self):
        async with self.zero:
            self.broken = True
            self.zero.notify_all()

    async def wait(self):
        async with self.zero:
            while self.count > 0 and not self.broken:
                await self.zero.wait()


@pytest.mark.asyncio
async def test_the_latch_opens():
    latch = Latch(2)
    waiting = asyncio.create_task(latch.wait())
    await asyncio.sleep(0)
    await latch.count_down()
    await latch.count_down()
    await asyncio.wait_for(waiting, 0.2)
