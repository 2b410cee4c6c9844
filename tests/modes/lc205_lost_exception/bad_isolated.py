"""unittest's async tests lose exceptions, too."""

import asyncio
from unittest import IsolatedAsyncioTestCase


async def deliver():
    raise ConnectionError("no route")


# name: deliver
class TestDeliver(IsolatedAsyncioTestCase):
    async def test_deliver(self):
        asyncio.ensure_future(deliver())  # LC205
        await asyncio.sleep(0.01)
