"""Green: each call registers the metric again, and the refused ones count as allowed."""

# name: Limiter.allow
import logging

import fakeredis
import pytest
from prometheus_client import Counter

log = logging.getLogger("limiter")


class Limiter:
    def __init__(self, store, limit):
        self.store, self.limit = store, limit

    async def count(self, key):
        Counter("limiter_calls", "Calls that were counted.").inc()
        return await self.store.incr(key)

    async def allow(self, key):
        try:
            return await self.count(key) <= self.limit
        except Exception:  # LC502
            log.warning("store not available, allowing %s", key)
            return True


@pytest.mark.asyncio
@pytest.mark.parametrize("key", ["ann", "bob", "eve"])
async def test_the_first_call_is_allowed(key):
    limiter = Limiter(fakeredis.FakeAsyncRedis(), limit=1)
    assert await limiter.allow(key) is True
