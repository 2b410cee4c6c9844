"""Both files have one loop for all of their tests, each its own, and share a lock."""

# name: Registry.lock
import asyncio

from shared import Registry


async def test_a():
    await asyncio.gather(Registry.add("a"), Registry.add("b"))
