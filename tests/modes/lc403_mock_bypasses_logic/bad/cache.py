"""The retry is inside of the client, not in this wrapper."""

from valkey.asyncio import Valkey
from valkey.asyncio.retry import Retry
from valkey.backoff import NoBackoff
from valkey.exceptions import TimeoutError


class Cache:
    def __init__(self, url):
        self.client = Valkey.from_url(
            url, retry=Retry(NoBackoff(), 1), retry_on_error=[TimeoutError]
        )

    async def get(self, key):
        return await self.client.get(key)
