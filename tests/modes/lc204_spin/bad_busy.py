"""It gives way at each turn, at full speed, for a task that has ended without a word."""

# options: --loopcheck-hang=1
# name: TestFeed.test_feed

import asyncio
import unittest


class TestFeed(unittest.IsolatedAsyncioTestCase):
    async def test_feed(self):
        seen = []

        async def feed():
            return "news"  # and never `seen.append("news")`

        task = asyncio.create_task(feed())
        while not seen:  # LC204
            await asyncio.sleep(0)
        assert await task in seen

    async def test_quiet(self):
        await asyncio.sleep(0)
