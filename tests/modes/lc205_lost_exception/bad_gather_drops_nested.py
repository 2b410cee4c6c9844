"""The workers are functions in the test, and each has its own try for what it expects."""

import asyncio
import unittest


# name: count
class TestStock(unittest.IsolatedAsyncioTestCase):
    async def test_each_box_is_counted(self):
        boxes, counted = ["4", "7", "two"], {}

        async def count(box):
            try:
                await asyncio.sleep(0)
            except ConnectionError:
                return
            counted[box] = int(box)

        await asyncio.gather(*map(count, boxes), return_exceptions=True)  # LC205
        self.assertIn("two", counted)
