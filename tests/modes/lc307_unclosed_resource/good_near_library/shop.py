"""A shop that closes what it opens."""

import aiohttp


class Shop:
    def __init__(self):
        self.session = None

    async def open(self):
        self.session = aiohttp.ClientSession()

    async def close(self):
        await self.session.close()
