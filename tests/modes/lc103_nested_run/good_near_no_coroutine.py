"""asyncio.run is right there, but what it gets is no coroutine."""

import asyncio


def fetch():
    return 42


def test_fetch():
    assert asyncio.run(fetch()) == 42
