"""Behind a server: the answer is 500, and the real one's error is only in the log."""

from unittest.mock import AsyncMock, patch

import pytest
from aiohttp.test_utils import TestClient, TestServer
from shop import build


# name: shop.fetch
@pytest.mark.asyncio
@patch("prices.fetch", AsyncMock(return_value=7))  # LC404
async def test_show():
    async with TestClient(TestServer(build())) as client:
        answer = await client.get("/bolt")
        assert answer.status == 200
