"""A base class has the session and closes it; the test makes an object of another class."""

# name: shop

import aiohttp
import pytest


class Api:
    def __init__(self):
        self.http = aiohttp.ClientSession()

    async def aclose(self):
        await self.http.close()


class Shop(Api):
    name = "shop"


@pytest.mark.asyncio
async def test_a_shop_has_a_name():
    shop = Shop()  # LC307
    assert shop.name == "shop"
