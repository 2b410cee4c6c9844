"""The mark sets the fixture up, on pytest-asyncio's loop, with `self` in its hands."""

# name: lock | self.lock
from unittest import IsolatedAsyncioTestCase

import pytest


@pytest.mark.usefixtures("lock")
class TestLock(IsolatedAsyncioTestCase):
    async def test_lock(self):
        async with self.lock:
            self.assertTrue(self.lock.locked())
