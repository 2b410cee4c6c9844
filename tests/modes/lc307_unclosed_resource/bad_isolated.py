"""unittest: what `asyncSetUp` opens, `asyncTearDown` should close."""

import os
from unittest import IsolatedAsyncioTestCase

import valkey.asyncio as valkey


# name: self.client
class TestStore(IsolatedAsyncioTestCase):
    async def asyncSetUp(self):
        self.client = valkey.from_url(os.environ["VALKEY_URL"])  # LC307

    async def test_ping(self):
        self.assertTrue(await self.client.ping())
