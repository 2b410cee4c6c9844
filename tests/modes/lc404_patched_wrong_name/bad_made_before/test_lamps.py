"""The class is replaced after the module has made its client of it."""

# name: lamps.http

import unittest
from unittest.mock import AsyncMock, Mock, patch

import lamps


class LampTest(unittest.IsolatedAsyncioTestCase):
    def setUp(self):
        answer = Mock(json=Mock(return_value={"on": True}))
        patcher = patch("httpx.AsyncClient", return_value=AsyncMock())  # LC404
        client = patcher.start()
        self.addCleanup(patcher.stop)
        client.return_value.post.return_value = answer

    async def test_switch(self):
        assert await lamps.switch("hall")
