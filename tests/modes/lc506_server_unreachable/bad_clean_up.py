"""Nothing listens there, and the clean-up fails, too: the last error is about the shelf."""

import httpx
import pytest
import valkey.asyncio as valkey

PRICES_URL = "http://127.0.0.1:9/prices"  # LC506


class Shelf:
    def __init__(self):
        self.items = {}

    async def __aenter__(self):
        self.store = valkey.from_url("valkey://127.0.0.1:9/0")  # LC506
        return self

    async def put(self, name):
        self.items[name] = await self.store.incr(name)

    async def __aexit__(self, *_):
        await self.store.aclose()
        assert self.items, "nothing was put on the shelf"


# name: shelf.store
@pytest.mark.asyncio
async def test_exit():
    async with Shelf() as shelf:
        await shelf.put("pen")


# name: client
# findings: 2
@pytest.mark.asyncio
async def test_finally():
    async with httpx.AsyncClient() as client:
        prices = {}
        try:
            prices = (await client.get(PRICES_URL)).json()
        finally:
            assert prices["pen"] == 3
