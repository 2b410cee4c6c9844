"""A comment says how it should be done; the code acquires the lock once and never releases it."""

# name: till.drawer | self.drawer
import asyncio

import pytest


class Till:
    def __init__(self):
        self.drawer = asyncio.Lock()

    async def pay(self, amount):
        # Better: `async with self.drawer:`, or `self.drawer.acquire()` in a `try`.
        await self.drawer.acquire()  # LC203
        return amount


async def blink():
    while True:
        await asyncio.sleep(0.01)


@pytest.mark.asyncio
async def test_two_pay():
    till, light = Till(), asyncio.create_task(blink())
    assert await till.pay(3) == 3
    async with asyncio.timeout(0.2):
        await till.pay(4)
    light.cancel()
