"""The client keeps the error of the route to itself: all that the test sees is a 500."""

# name: get_stock | get_prices
# findings: 2

import httpx
import pytest
from shop import app, get_prices, get_stock


@pytest.fixture
def client():
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
    yield httpx.AsyncClient(transport=transport, base_url="http://test")
    app.dependency_overrides.clear()


@pytest.fixture
def stock(client):
    async def provide():
        yield {"lamp": 3}

    app.dependency_overrides[get_stock] = lambda: provide()  # LC408


@pytest.mark.asyncio
async def test_left(client, stock):
    answer = await client.get("/items/lamp")
    assert answer.json() == {"left": 3}


@pytest.mark.asyncio
async def test_status(client, stock):
    assert (await client.get("/items/lamp")).status_code == 200


@pytest.mark.asyncio
async def test_price(client):
    async def provide():
        return {"lamp": 20}

    app.dependency_overrides[get_prices] = lambda: provide()  # LC408
    answer = await client.get("/prices/lamp")
    assert answer.status_code == 200
