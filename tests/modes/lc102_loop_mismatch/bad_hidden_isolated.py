"""unittest gives each test a loop of its own too; the gate is older than both."""

# name: gate
import asyncio
from unittest import IsolatedAsyncioTestCase

gate = asyncio.BoundedSemaphore(1)  # LC102


async def enter(name):
    async with gate:
        await asyncio.sleep(0)
        return name


class TestGate(IsolatedAsyncioTestCase):
    async def test_two_enter(self):
        assert len(await asyncio.gather(enter("ada"), enter("kurt"))) == 2

    async def test_two_more_enter(self):
        assert len(await asyncio.gather(enter("emmy"), enter("alan"))) == 2
