"""The breaker's own method is doubled: it counts nothing, and never opens."""

from unittest.mock import AsyncMock, patch

import pytest


class Open(Exception):
    """The breaker lets nothing through."""


class Breaker:
    def __init__(self, limit):
        self.limit, self.failures = limit, 0

    async def call(self, work):
        if self.failures >= self.limit:
            raise Open(self.limit)
        try:
            return await work()
        except ConnectionError:
            self.failures += 1
            raise


# name: breaker.call | Breaker.call
# findings: 2
@pytest.mark.asyncio
async def test_failures_are_counted():
    breaker = Breaker(limit=2)
    breaker.call = AsyncMock(side_effect=ConnectionError)  # LC403
    with pytest.raises(ConnectionError):
        await breaker.call(None)
    assert breaker.failures == 1


@pytest.mark.asyncio
async def test_it_opens():
    breaker = Breaker(limit=0)
    with patch.object(Breaker, "call", AsyncMock()), pytest.raises(Open):  # LC403
        await breaker.call(None)
