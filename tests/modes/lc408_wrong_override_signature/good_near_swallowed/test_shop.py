"""Answers of 500 that are the routes' own: what they were handed is as it should be."""

import httpx
import pytest
from shop import app, get_feed, get_stock


@pytest.fixture
def client():
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
    yield httpx.AsyncClient(transport=transport, base_url="http://test")
    app.dependency_overrides.clear()


async def provide():
    yield {"lamp": 3}


@pytest.mark.asyncio
async def test_no_such_item(client):  # fails
    app.dependency_overrides[get_stock] = provide
    assert (await client.get("/items/bulb")).status_code == 404


@pytest.mark.asyncio
async def test_another_route(client):  # fails
    app.dependency_overrides[get_stock] = lambda: provide()
    assert (await client.get("/health")).status_code == 200


@pytest.mark.asyncio
async def test_a_route_that_wants_a_generator(client):  # fails
    app.dependency_overrides[get_feed] = lambda: provide()
    answer = await client.get("/feed")
    assert answer.status_code == 200


@pytest.mark.asyncio
async def test_another_answer(client):  # fails
    app.dependency_overrides[get_stock] = lambda: provide()
    answer = await client.get("/item/lamp")
    assert answer.status_code == 200
