"""What FastAPI calls is overridden, or does not matter; the answer is wrong all the same."""

from unittest.mock import AsyncMock

import httpx
import pytest
from shop.main import app
from shop.users import current_user


@pytest.fixture
async def client(monkeypatch):
    monkeypatch.setattr("shop.users.counted", AsyncMock())
    monkeypatch.setattr("shop.users.current_user", AsyncMock())
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url="http://shop") as client:
        yield client


async def test_me(client, monkeypatch):
    monkeypatch.setitem(app.dependency_overrides, current_user, lambda: {"id": 1})
    answer = await client.get("/me")
    assert answer.json() == {"id": 2}


async def test_price(client):
    answer = await client.get("/prices/tea")
    assert answer.json() == {"price": "6 EUR"}
