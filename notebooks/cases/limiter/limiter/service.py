"""What the web server calls."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from limiter import metrics
from limiter.limit import Limiter

ALLOWED, TOO_MANY = 200, 429


@asynccontextmanager
async def limiting(url: str, most: int, name: str = "rate") -> AsyncIterator[Limiter]:
    """Yield a limiter for as long as the server runs."""
    limiter = Limiter(url, most, name)
    try:
        yield limiter
    finally:
        await limiter.store.close()


async def status(limiter: Limiter, caller: str) -> int:
    """Return the status that *caller* is answered with."""
    return ALLOWED if await limiter.allow(caller) else TOO_MANY


def metrics_page() -> bytes:
    return metrics.page()
