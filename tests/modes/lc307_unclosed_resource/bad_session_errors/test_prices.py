"""Filters make an error of the session's warning, and later one of its connector's."""

# name: self.session | shop.session
import gc
import os

import aiohttp

connectors = []


class Shop:
    async def __aenter__(self):
        self.session = aiohttp.ClientSession()  # LC307
        connectors.append(self.session.connector)
        return self

    async def __aexit__(self, *exc):
        if exc[0]:
            await self.session.close()


async def test_price():
    async with Shop() as shop, shop.session.get(os.environ["HTTP_URL"]) as answer:
        assert await answer.text() == "ok"


async def test_another():
    connectors.clear()
    gc.collect()
