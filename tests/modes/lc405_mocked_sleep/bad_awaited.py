"""What stands there gives nothing that can be awaited: a lambda, a MagicMock."""

# name: asyncio.sleep
# findings: 2

import asyncio
import unittest
from unittest.mock import MagicMock, patch

import pytest


async def retry(call):
    for tries in range(3):
        try:
            return await call()
        except OSError:
            await asyncio.sleep(2**tries)
    return None


async def broken():
    raise OSError("no route")


@pytest.mark.asyncio
async def test_gives_up(monkeypatch):
    monkeypatch.setattr(asyncio, "sleep", lambda seconds: None)  # LC405
    assert await retry(broken) is None


class RetryTest(unittest.IsolatedAsyncioTestCase):
    def setUp(self):
        patcher = patch("asyncio.sleep", MagicMock())  # LC405
        patcher.start()
        self.addCleanup(patcher.stop)

    async def test_gives_up(self):
        assert await retry(broken) is None
