import valkey.asyncio as valkey

from .settings import VALKEY_URL


class Storage:
    def __init__(self, url):
        self.backend = valkey.from_url(url, decode_responses=True)

    async def put(self, key, value):
        return await self.backend.set(key, value)

    async def take(self, key):
        return await self.backend.getdel(key)


storage = Storage(VALKEY_URL)  # LC102
