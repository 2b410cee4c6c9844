"""A class that keeps a client, and has no `__aenter__`, and says nothing of being one."""

import os

import pytest
import valkey.asyncio as valkey


class Prices:
    def __init__(self, client):
        self.client = client

    async def of(self, fruit):
        return await self.client.get(fruit)


@pytest.mark.asyncio
async def test_no_price_yet():
    prices = Prices(valkey.from_url(os.environ["VALKEY_URL"]))
    async with prices:
        assert await prices.of("quince") is None
