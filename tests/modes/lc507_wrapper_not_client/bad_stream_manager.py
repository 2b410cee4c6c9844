"""httpx streams an answer inside `async with`; this code reads the lines of the manager."""

# name: response

import httpx
import pytest


def prices(request):
    return httpx.Response(200, text="plum 2\nfig 3\n")


async def tail(client):
    response = client.stream("GET", "/prices")  # LC507
    return [line async for line in response.aiter_lines()]


@pytest.mark.asyncio
async def test_two_lines():
    async with httpx.AsyncClient(transport=httpx.MockTransport(prices), base_url="http://t") as c:
        assert len(await tail(c)) == 2
