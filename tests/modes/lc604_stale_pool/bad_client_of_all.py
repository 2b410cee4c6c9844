"""A client that the module keeps for all tests, and that the first of them closes."""

# name: client
import httpx
import pytest


async def bakery(scope, receive, send):
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"rye"})


client = httpx.AsyncClient(transport=httpx.ASGITransport(bakery), base_url="http://bakery")


@pytest.mark.asyncio
async def test_bread():
    assert (await client.get("/bread")).text == "rye"
    await client.aclose()  # LC604


@pytest.mark.asyncio
async def test_more_bread():
    assert (await client.get("/bread")).text == "rye"
