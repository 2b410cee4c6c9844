"""The client is imported by its class."""

from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff


class Cache:
    def __init__(self, port):
        self.client = Redis(port=port, retry=Retry(NoBackoff(), 0))

    async def remember(self, key, value):
        await self.client.set(key, value)
        return await self.client.get(key)
