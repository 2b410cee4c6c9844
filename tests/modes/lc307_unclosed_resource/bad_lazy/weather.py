"""A client that makes its session when it is first asked."""

import aiohttp


class Weather:
    def __init__(self, url):
        self.url = url
        self._session = None

    async def today(self):
        if self._session is None:
            self._session = aiohttp.ClientSession()
        async with self._session.get(self.url) as answer:
            return await answer.text()

    async def aclose(self):
        if self._session is not None:
            await self._session.close()
