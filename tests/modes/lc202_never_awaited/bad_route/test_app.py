"""A route returns the coroutine, and the framework can make no answer of it."""

# name: Shop.get | price
# findings: 3
import pytest
from app import Article, app
from fastapi.testclient import TestClient
from httpx import ASGITransport, AsyncClient


def test_plain():
    assert TestClient(app).get("/plain/tea").json() == {"name": "tea", "price": 3}


@pytest.mark.asyncio
async def test_typed():
    async with AsyncClient(transport=ASGITransport(app=app), base_url="http://shop") as client:
        answer = await client.get("/typed/tea")
    assert answer.json()["price"] == 3


async def price():
    return 3


def test_a_model():
    assert Article(name="tea", price=price()).price == 3  # LC202
