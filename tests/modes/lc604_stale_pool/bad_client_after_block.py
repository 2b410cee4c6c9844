"""The object that keeps an HTTP client outlives the client's block."""

# name: client
# findings: 1
import httpx
import pytest


async def bakery(scope, receive, send):
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"rye"})


class Order:
    def __init__(self, client):
        self.client = client

    async def bread(self):
        answer = await self.client.get("/bread")
        return answer.text


@pytest.mark.asyncio
async def test_rye():
    there = httpx.ASGITransport(bakery)
    async with httpx.AsyncClient(transport=there, base_url="http://bakery") as client:  # LC604
        order = Order(client)
    assert await order.bread() == "rye"
