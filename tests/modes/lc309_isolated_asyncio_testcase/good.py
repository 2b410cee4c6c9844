"""One world for each class: unittest's, or pytest's."""

import os
from unittest import IsolatedAsyncioTestCase

import pytest
import pytest_asyncio
import valkey.asyncio as valkey


class TestUnittest(IsolatedAsyncioTestCase):
    async def asyncSetUp(self):
        self.store = await self.enterAsyncContext(valkey.from_url(os.environ["VALKEY_URL"]))

    async def test_ping(self):
        self.assertTrue(await self.store.ping())


@pytest.mark.asyncio
class TestPytest:
    @pytest_asyncio.fixture
    async def store(self):
        async with valkey.from_url(os.environ["VALKEY_URL"]) as client:
            yield client

    async def test_ping(self, store):
        assert await store.ping()
