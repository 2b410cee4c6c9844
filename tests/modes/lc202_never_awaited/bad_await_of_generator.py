"""An async generator is awaited, as if it returned its values in one go."""

# name: pages(2) | feed
# findings: 2
import asyncio
import unittest


async def pages(count):
    for number in range(count):
        await asyncio.sleep(0)
        yield number


class PagesTest(unittest.IsolatedAsyncioTestCase):
    async def test_all_pages(self):
        found = await pages(2)  # LC202
        self.assertEqual(found, [0, 1])

    async def test_from_a_name(self):
        feed = pages(1)
        self.assertEqual(await feed, [0])  # LC202
