"""Where the requests are counted: a Valkey that all processes of the service share."""

from valkey.asyncio import Valkey
from valkey.asyncio.retry import Retry
from valkey.backoff import NoBackoff

MINUTE = 60  # seconds


class Store:
    """Counts, and tries again when a server that fails over is read-only for a moment."""

    def __init__(self, url: str, tries: int) -> None:
        self.client = Valkey.from_url(url, retry=Retry(NoBackoff(), tries - 1))

    async def count(self, key: str) -> int:
        """Count one request under *key*, and return how many there are."""
        count = await self.client.incr(key)
        if count == 1:
            await self.client.expire(key, MINUTE)
        return int(count)

    async def close(self) -> None:
        await self.client.aclose()
