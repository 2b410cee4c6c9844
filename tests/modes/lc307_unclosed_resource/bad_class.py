"""The class under test opens what it works with, and has no way to close it."""

import os

import httpx
import pytest


class Shop:
    def __init__(self):
        self.http = httpx.AsyncClient(trust_env=False)  # LC307

    async def price(self, name):
        return await self._get({"name": name})

    async def _get(self, params):
        return (await self.http.get(os.environ["HTTP_URL"], params=params)).text


# name: shop.http | self.http
@pytest.mark.asyncio
async def test_price():
    shop = Shop()
    assert await shop.price("apples") == "ok"
