"""A fixture closes a client of a library, and returns it."""

# name: client
import httpx
import pytest
import pytest_asyncio


@pytest_asyncio.fixture
async def client():
    transport = httpx.MockTransport(lambda request: httpx.Response(200, text="tea"))
    client = httpx.AsyncClient(transport=transport)
    await client.aclose()  # LC604
    return client


@pytest.mark.asyncio
async def test_the_shop_has_tea(client):
    answer = await client.get("http://shop/")
    assert answer.text == "tea"
