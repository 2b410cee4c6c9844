"""A fixture in the arguments of a method that unittest calls without any."""

# name: store
import os
import unittest

import pytest_asyncio
import valkey.asyncio as valkey


@pytest_asyncio.fixture
async def store():
    async with valkey.from_url(os.environ["VALKEY_URL"]) as client:
        yield client


class TestStore(unittest.IsolatedAsyncioTestCase):
    async def test_ping(self, store):  # LC309
        self.assertTrue(await store.ping())
