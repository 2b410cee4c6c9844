"""unittest's own async tests: a loop for each, and one client for the class."""

# name: TestMenu.store | self.store
import os
import unittest

import valkey.asyncio as valkey


class TestMenu(unittest.IsolatedAsyncioTestCase):
    @classmethod
    def setUpClass(cls):
        cls.store = valkey.from_url(os.environ["VALKEY_URL"])  # LC101

    async def test_a_dish_is_put(self):
        await self.store.hset("menu", "soup", 3)

    async def test_b_dish_is_there(self):
        assert await self.store.hget("menu", "soup") == b"3"
