"""The gate makes its own wrapper, and asks that for what only the client has."""

from valkey.asyncio import Valkey


class Store:
    def __init__(self, url):
        self.inner = Valkey.from_url(url)

    async def close(self):
        await self.inner.aclose()


class Gate:
    def __init__(self, url):
        self.store = Store(url)

    async def enter(self, guest):
        return await self.store.incr(f"in:{guest}")  # LC507
