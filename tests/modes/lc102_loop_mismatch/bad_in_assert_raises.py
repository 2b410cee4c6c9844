"""Another error than the expected one leaves `assertRaisesRegex`, with a fixture's queue in it."""

# name: self.jobs

import asyncio
import unittest


class Jobs(unittest.TestCase):
    def setUp(self):
        self.jobs = asyncio.Queue(maxsize=1)  # LC102

        async def fill():
            await self.jobs.put("first")
            putting = asyncio.ensure_future(self.jobs.put("second"))
            await asyncio.sleep(0)
            self.assertEqual(await self.jobs.get(), "first")
            await putting

        asyncio.run(fill())

    def test_a_full_queue_takes_no_more(self):
        async def more():
            await asyncio.wait_for(self.jobs.put("third"), 0.1)

        with self.assertRaisesRegex(TimeoutError, ""):
            asyncio.run(more())
