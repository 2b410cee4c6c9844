"""unittest's own loop, and a condition that nobody notifies."""

# options: --loopcheck-hang=1
# name: changed | self.changed

import asyncio
import unittest


class TestCart(unittest.IsolatedAsyncioTestCase):
    async def asyncSetUp(self):
        self.changed = asyncio.Condition()
        self.items = []

    async def test_change(self):
        async with self.changed:
            await self.changed.wait_for(lambda: self.items)  # LC203
        assert self.items

    async def test_no_change(self):
        assert not self.items
