"""A route keeps the function that it depends on; the test sees but the answer."""

# name: shop.main.me | shop.main.prices
# findings: 2

from unittest.mock import AsyncMock, patch

import httpx
import pytest
from shop.main import app


@pytest.fixture
async def client():
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url="http://shop") as client:
        yield client


async def test_me(client):
    with patch("shop.users.current_user", lambda: {"id": 1}):  # LC404
        answer = await client.get("/me")
    assert answer.status_code == 200


async def test_price(client):
    with patch("shop.users.currency", AsyncMock(return_value="USD")):  # LC404
        answer = await client.get("/prices/tea")
        assert answer.json() == {"price": "5 USD"}
