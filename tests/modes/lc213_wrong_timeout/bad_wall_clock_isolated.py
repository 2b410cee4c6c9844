"""The deadline comes from the caller, and a unittest case has closed its loop when we look."""

import asyncio
import unittest
from time import time as now


class Scale:
    def __init__(self):
        self.read = []

    async def settle(self, deadline):
        """Read until two readings are the same."""
        async with asyncio.timeout_at(deadline) as limit:  # LC213
            while len(self.read) < 3:
                await asyncio.sleep(0.02)
                self.read.append(len(self.read))
        return limit


# name: asyncio.timeout_at(deadline)
class ScaleTest(unittest.IsolatedAsyncioTestCase):
    async def test_it_does_not_settle(self):
        with self.assertRaises(TimeoutError):
            await Scale().settle(now() + 0.03)
