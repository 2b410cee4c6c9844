"""A client has two sessions, and its `close` forgets one of them."""
# name: self.files
# passes

import aiohttp
import pytest


class Client:
    async def open(self):
        self.pages = aiohttp.ClientSession()
        self.files = aiohttp.ClientSession()

    async def close(self):
        await self.pages.close()  # LC307


@pytest.mark.asyncio
async def test_a_client_opens():
    client = Client()
    await client.open()
    assert not client.files.closed
    await client.close()
