"""A class patched in its library, used where it was imported by name; auto mode, a fixture."""

# name: app.cache.Redis

from unittest.mock import patch

import pytest
from app.cache import Cache
from fakeredis import FakeAsyncRedis


@pytest.fixture
def cache():
    with patch("redis.asyncio.Redis", return_value=FakeAsyncRedis()):  # LC404
        yield Cache(port=1)


async def test_remember(cache):
    assert await cache.remember("k", "v") == b"v"


async def test_again(cache):
    assert await cache.remember("k", "w") == b"w"
