"""An async fixture puts the client on `self`; unittest's loop is another."""

# name: store | self.store | prepare
import os
import unittest

import pytest_asyncio
import valkey.asyncio as valkey


class TestStore(unittest.IsolatedAsyncioTestCase):
    @pytest_asyncio.fixture(autouse=True)
    async def prepare(self):
        self.store = valkey.from_url(os.environ["VALKEY_URL"])  # LC309
        await self.store.ping()

    async def test_ping(self):
        self.assertTrue(await self.store.ping())
