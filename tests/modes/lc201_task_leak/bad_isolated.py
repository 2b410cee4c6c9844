"""unittest's own loop of a test, left with a task."""

import asyncio
from unittest import IsolatedAsyncioTestCase


async def watch(event):
    await event.wait()


# name: watch
class TestWatch(IsolatedAsyncioTestCase):
    async def test_watch(self):
        task = asyncio.create_task(watch(asyncio.Event()))  # LC201
        await asyncio.sleep(0)
        self.assertFalse(task.done())
