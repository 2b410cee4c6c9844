"""The test's limit runs out before the limit that the fallback waits for."""

import asyncio

import pytest


async def ask(server):
    try:
        async with asyncio.timeout(30):
            return await server()
    except TimeoutError:
        return "from the cache"


async def silent():
    await asyncio.sleep(3600)


# name: asyncio.timeout(0.05)
@pytest.mark.asyncio
async def test_the_cache_answers_for_a_silent_server():
    async with asyncio.timeout(0.05):  # LC213
        assert await ask(silent) == "from the cache"
