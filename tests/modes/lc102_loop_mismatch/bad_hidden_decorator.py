"""A caching decorator of the user's own keeps the client in its closure."""

# name: cache
import functools
import os

import pytest
import valkey.asyncio as valkey


def cached(url):
    cache = valkey.from_url(url)  # LC102

    def decorate(function):
        @functools.wraps(function)
        async def wrapper(key):
            if (hit := await cache.get(f"{function.__name__}:{key}")) is None:
                hit = await function(key)
                await cache.set(f"{function.__name__}:{key}", hit, ex=60)
            return hit

        return wrapper

    return decorate


@cached(os.environ["VALKEY_URL"])
async def weather(town):
    return f"rain in {town}".encode()


@pytest.mark.asyncio(loop_scope="module")
async def test_weather_in_bergen():
    assert await weather("bergen") == b"rain in bergen"


@pytest.mark.asyncio
async def test_weather_in_oslo():
    assert await weather("oslo") == b"rain in oslo"
