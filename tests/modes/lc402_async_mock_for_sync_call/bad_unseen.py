"""`gather(return_exceptions=True)` and a filter drop the error: an empty list is left."""

import asyncio
from unittest.mock import AsyncMock

import pytest


class Fetcher:
    def __init__(self, client):
        self.client = client

    async def one(self, url):
        response = await self.client.get(url)
        return response.json()["id"]

    async def all(self, urls):
        found = await asyncio.gather(*map(self.one, urls), return_exceptions=True)
        return [one for one in found if not isinstance(one, Exception)]


def response(number):
    response = AsyncMock(status_code=200)  # LC402
    response.json.return_value = {"id": number}
    return response


# name: response.json
@pytest.mark.asyncio
async def test_all():
    client = AsyncMock()
    client.get.side_effect = [response(1), response(2)]
    assert await Fetcher(client).all(["/1", "/2"]) == [1, 2]
