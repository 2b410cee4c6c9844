"""`pipeline()` of a client is a plain call, and what it gives has a method that is awaited."""

from unittest.mock import AsyncMock

import pytest


async def count(store, name):
    pipe = store.pipeline()
    pipe.incr(name)
    return await pipe.execute()


# name: store.pipeline
@pytest.mark.asyncio
async def test_count():
    store = AsyncMock()  # LC402
    assert await count(store, "visits")
