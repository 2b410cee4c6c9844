"""A coroutine is asked for its truth, as its result would be, and the test fails for another."""

from unittest.mock import AsyncMock

import pytest


class Limiter:
    def __init__(self, store):
        self.store = store

    async def allow(self, key):
        if self.store.is_enabled():
            return await self.store.incr(key) <= 3
        return True


@pytest.mark.asyncio
async def test_enabled():
    store = AsyncMock()
    store.is_enabled.return_value = True
    store.incr.return_value = 3
    assert await Limiter(store).allow("k") is False


@pytest.mark.asyncio
async def test_enabled_or_so():
    store = AsyncMock()
    store.incr.return_value = 3
    assert await Limiter(store).allow("k") is False


@pytest.mark.asyncio
async def test_of_another_error():
    store = AsyncMock()
    store.is_enabled.return_value = False
    store.incr.return_value = 3
    counts = {}
    assert await Limiter(store).allow("k")
    counts["k"] += 1
