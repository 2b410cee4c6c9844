import asyncio

from shared import Registry


async def test_b():
    await asyncio.gather(Registry.add("c"), Registry.add("d"))
