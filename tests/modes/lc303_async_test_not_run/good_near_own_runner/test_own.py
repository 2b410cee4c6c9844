"""No mark, and no plugin of a known name: the conftest runs async tests itself."""

import asyncio


async def test_runs():
    await asyncio.sleep(0)


async def test_fails():
    await asyncio.sleep(0)
    assert 1 + 1 == 3
