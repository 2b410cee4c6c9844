"""A module that has become part of another."""

# name: aioredis

import cache
import pytest


@pytest.mark.asyncio
async def test_cache():
    assert await cache.cache()
